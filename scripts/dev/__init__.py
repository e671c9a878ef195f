"""What developers run and nobody installs: benchmarks and one-offs."""
