"""The benefit catalogue: which benefits there are, what they are called, what kind each is."""
