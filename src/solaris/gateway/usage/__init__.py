"""The tokens and the cost of a call, read from its response."""
