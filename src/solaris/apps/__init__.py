"""Composition: the one place that names concrete parts and wires them."""
