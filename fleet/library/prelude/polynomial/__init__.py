"""numpy.polynomial: polynomials as objects."""
