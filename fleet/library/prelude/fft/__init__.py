"""`numpy.fft`: programs for the evaluator, as all of the prelude."""
