"""The machine face: an organisation's own systems ask over HTTP, under the same rules as the pages."""
