"""The cost of a prompt before the call: tokenizer, floor, estimate."""
