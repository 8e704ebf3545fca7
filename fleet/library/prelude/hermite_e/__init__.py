"""numpy.polynomial.hermite_e: series in Hermite polynomials He_n."""
