"""Telling people what happens to their tokens: pushed balances, live streams, thresholds."""
