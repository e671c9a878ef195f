"""Printed maps and the atlas."""
