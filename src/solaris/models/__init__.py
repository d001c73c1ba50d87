"""The model catalogue: names, weights, limits, and what is learned of each model."""
