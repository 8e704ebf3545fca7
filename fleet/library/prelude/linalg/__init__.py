"""numpy.linalg, in Python: see the folder around."""
