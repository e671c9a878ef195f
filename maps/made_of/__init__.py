"""What a pocket is made of: its domains in words, and all pockets by layers side by side."""
