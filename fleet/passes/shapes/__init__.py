"""Sizes of tensors as products of symbols, and what follows from them for types."""
