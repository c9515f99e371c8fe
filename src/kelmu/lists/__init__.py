"""Recipient lists: the right rows, to the right body, in the right month."""
