"""Recipient lists."""
