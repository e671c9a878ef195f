"""Tables in publishers' files: cells as they stand, then columns under our names, checked."""
