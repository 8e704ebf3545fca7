"""A graph as MLIR text: `writer` takes it to a stage and writes it."""
