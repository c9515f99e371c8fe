"""Peers of demo and tests: processes that speak the outside world's protocols. See README.md."""
