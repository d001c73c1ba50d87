"""A bounded pool of HTTP/1.1 keep-alive connections to LiteLLM."""
