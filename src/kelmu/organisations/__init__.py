"""Authorities, the areas they serve, and their agreements."""
