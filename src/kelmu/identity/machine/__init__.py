"""The machine channel's identity: clients that prove themselves with a key and act for one call at a time."""
