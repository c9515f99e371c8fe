"""Template tags and filters, builtin in every template."""
