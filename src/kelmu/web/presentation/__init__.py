"""What the pages show: small typed view-models built from the dossier, and the words for its codes.

Nothing here reads the database or decides who may see what: what a grant lacks is not in the dossier.
"""
