"""Ground that every room stands on: settings, stores, the HTTP frame, errors, logs, metrics, tracing."""
