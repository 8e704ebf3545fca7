"""From IR to MLIR's text: spelling, names of values, locations, large constants."""
