"""Relying party of the Finnish Trust Network's OpenID Connect profile (Traficom 213/2023 S)."""
