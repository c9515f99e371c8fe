"""One module for each command; ``run()`` returns the exit status."""
