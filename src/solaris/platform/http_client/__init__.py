"""HTTP/1.1 connections to LiteLLM, kept and bounded."""
