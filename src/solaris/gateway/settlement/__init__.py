"""Holds are settled or released exactly once, whatever happens to the process or to PostgreSQL."""
