"""The command line and the built-in sample."""
