"""Who is calling: sign-in, JWT, API keys, front-end keys, sessions of our pages."""
