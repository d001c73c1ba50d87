"""Statistics, history, exports and metrics from recorded usage."""
