"""Pure rules: tokens charged, wallets, periods, errors. Imports the standard library only."""
