"""Measures the product beside a bare forwarder and LiteLLM, on one machine in one run (SPEC 12). `python -m bench --help`."""
