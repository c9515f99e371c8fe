"""The demo: everything on one machine, by one command."""
