"""What lies under the evaluator: NumPy itself, or the IR builder."""
