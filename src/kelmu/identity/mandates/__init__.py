"""Client of the Suomi.fi-valtuudet web API: for whom an official may act, and with what mandates."""
