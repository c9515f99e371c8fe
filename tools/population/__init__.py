"""A synthetic Finland from a seed: writes feed files, never tables.

Nobody in it exists: identity codes are artificial (individual numbers 900 to 999), names are drawn
from lists of common ones. The same seed, size and day give the same bytes.
"""
