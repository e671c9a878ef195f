"""Asking servers: politely, within an allowance, and going on where it was broken off."""
