"""The shapes of the model API: what each route reads of a request and of a response."""
