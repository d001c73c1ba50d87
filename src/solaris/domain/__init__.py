"""Pure rules of the product: tokens charged, wallets, periods, states, errors. The standard library only."""
