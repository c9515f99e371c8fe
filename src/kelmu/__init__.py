"""Kelmu: benefit information for authorities."""
