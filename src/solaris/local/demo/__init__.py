"""Demo data: a believable company, written through the ledger."""
