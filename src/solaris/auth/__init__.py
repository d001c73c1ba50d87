"""Authentication: sign-in, JWTs, API keys, front-end keys, page sessions, widget tokens."""
