"""Passes from loop IR to loop IR: contraction, vectors, unrolled and jammed loops."""
