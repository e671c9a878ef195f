"""What is found in the table: clusters, pockets, how sure, overlap, ranges and gradients."""
