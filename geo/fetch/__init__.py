"""Files from their publishers: found, asked for politely, checked, and kept with a receipt."""
