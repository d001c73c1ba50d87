"""The account book: holds, charges and grants. Balances change here and nowhere else."""
