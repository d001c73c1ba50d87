"""The ledger: holds, charges and grants. Balances change here and nowhere else."""
