"""What a call cost, read out of its response."""
