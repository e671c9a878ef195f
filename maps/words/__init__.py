"""What is said: sentences, captions, text alternatives, methods in brief and credits."""
