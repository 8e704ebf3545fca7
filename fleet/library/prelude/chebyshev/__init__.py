"""numpy.polynomial.chebyshev: series in Chebyshev polynomials T_n."""
