"""Notices of a need for social welfare: timing, address, inbox, transfer, outcome, and the answer to Kela."""
