"""The site: its parts, building it and putting it in place."""
