"""Profiles of neighbourhoods, pockets and boroughs."""
