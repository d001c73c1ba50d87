"""The metered gateway: OpenAI-compatible routes that hold tokens and charge them (DESIGN 3)."""
