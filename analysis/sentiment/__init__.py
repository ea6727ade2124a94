"""Sentiment scorers: one contract, and the models that keep it."""
