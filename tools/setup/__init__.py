"""What `make` sets up before anything else: environment, browser, test settings."""
