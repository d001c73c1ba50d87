"""What a prompt costs before the call: tokenizer, floors, estimate."""
