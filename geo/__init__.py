"""Vocabulary, sources and pure spatial and statistical tools; knows no dataset and draws nothing."""
