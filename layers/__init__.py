"""What is known of each place: one module per layer, all joined into the neighbourhood table."""
