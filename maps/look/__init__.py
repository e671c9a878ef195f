"""How things look: colours, classes, numbers, and what every page needs."""
