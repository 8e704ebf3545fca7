"""Methods of functions of two numbers: reduce, accumulate, reduceat, at."""
