"""Live updates: balance streams for users, usage streams for staff."""
