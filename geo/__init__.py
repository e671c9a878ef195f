"""Vocabulary, sources and pure tools of space and statistics; knows no dataset, draws nothing."""
