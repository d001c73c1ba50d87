"""Settles or releases each hold exactly once, even if the process or PostgreSQL fails."""
