"""numpy.polynomial.polynomial: polynomials as arrays of coefficients, the lowest power first."""
