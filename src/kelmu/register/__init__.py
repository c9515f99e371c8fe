"""Kela's data about persons. Written by the feed, read only by doors."""
