"""An embedded PostgreSQL and the roles and databases on it."""
