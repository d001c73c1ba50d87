"""Credits: packages and plans, purchases, manual requests, and grants by staff."""
