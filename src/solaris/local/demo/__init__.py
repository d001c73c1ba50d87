"""Demo data: an invented company, written through the ledger."""
