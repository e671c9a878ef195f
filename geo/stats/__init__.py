"""Statistics of areas: ranks, ratios, inequality, clusters and what goes together."""
