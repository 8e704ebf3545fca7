"""Scalar instructions that Unicorn does not have, one at a time: what they mean.

`integer` has those of integer registers, `floating` those of half precision and Zfa, `memory` loads
and stores and what is about caches; `binders` joins them. The native executor has host code for
most (`native/scalar.py`).
"""
