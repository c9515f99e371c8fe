"""Settings, addresses and start of the service: the top of the house."""
