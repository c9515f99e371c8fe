"""Mutation of what must not be wrong: each small fault put into policy and door has to fail a test."""
