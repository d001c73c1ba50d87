"""Requests and tokens per minute: GCRA in Redis, or in the process while Redis is away."""
