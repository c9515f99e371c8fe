"""Finnish as it is written in Finland."""
