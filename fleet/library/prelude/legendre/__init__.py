"""numpy.polynomial.legendre: series in Legendre polynomials P_n."""
