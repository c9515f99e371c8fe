"""Who the official is, for whom she acts, and with what mandates: sign-in, mandates, acting sessions."""
