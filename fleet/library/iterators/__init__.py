"""`itertools`, on steps: every iterator keeps where it is in cells that are journaled."""
