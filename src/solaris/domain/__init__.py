"""Pure rules: tokens charged, wallets, periods, states, errors. Imports the standard library only."""
