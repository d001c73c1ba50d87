"""Who is calling: users, sign-in, JWT, API keys, front-end keys, roles."""
