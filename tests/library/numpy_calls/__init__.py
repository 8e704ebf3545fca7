"""Random calls of NumPy's functions, by Fleet and by NumPy: see `__main__`."""
