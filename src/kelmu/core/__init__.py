"""Values and rules of the trade without tables. Knows no other capability."""
