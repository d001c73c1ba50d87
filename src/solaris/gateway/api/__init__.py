"""The API shapes: what each route reads from a request and from a response."""
