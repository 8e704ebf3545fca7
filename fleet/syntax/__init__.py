"""From source text to tokens and a syntax tree with CPython's names, and back to text."""
