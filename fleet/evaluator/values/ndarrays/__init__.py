"""NumPy's arrays: made, computed with, seen otherwise, read and written by subscripts."""
