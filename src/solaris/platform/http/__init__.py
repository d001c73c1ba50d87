"""HTTP serving: server, middleware, errors, pages."""
