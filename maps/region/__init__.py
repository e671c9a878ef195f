"""Several boroughs side by side."""
