"""Staged evaluation: walks the tree as Python would, over values known now or at run time."""
