"""Shared infrastructure: settings, stores, HTTP, errors, logs, metrics, tracing."""
