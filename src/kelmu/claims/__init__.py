"""Payment claims: a county asks Kela to pay it a client's benefit."""
