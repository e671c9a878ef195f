"""Files in and out: fetched, checked, read, and written whole or not at all."""
