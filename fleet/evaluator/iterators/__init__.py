"""Iterators: objects of the evaluator whose state can be journaled."""
