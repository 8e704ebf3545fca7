"""numpy.polynomial.hermite: series in Hermite polynomials H_n."""
