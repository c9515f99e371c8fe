"""Kela's back office where it is told answers to notices."""
