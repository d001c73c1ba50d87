"""What can be bought and given: packages, manual requests, purchases, and credits that staff add."""
