"""Where things lie: neighbours, pockets, groups of areas, grids over areas."""
