"""The neighbourhood table: the ground, what is known of each place, and what its columns mean."""
