"""numpy.polynomial.laguerre: series in Laguerre polynomials L_n."""
