"""Notices, behind doors."""
