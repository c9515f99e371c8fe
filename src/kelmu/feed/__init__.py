"""Loading the register from Kela's files."""
