"""The metered gateway: OpenAI-compatible routes, held before the call and charged after it (DESIGN 3)."""
