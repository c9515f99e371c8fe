"""The client's dossier: one person looked up for a purpose, through the door."""
