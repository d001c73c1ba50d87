"""The HTTP side of every service: server, middleware, errors, pages."""
