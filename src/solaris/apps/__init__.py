"""Composition root: the only package that builds and connects components."""
