"""A simulator of the Suomi.fi-valtuudet web API for acting on behalf of an organisation (YPA)."""
