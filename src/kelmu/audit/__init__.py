"""The log: who looked at whom, for whom, why, and what came of it."""
