"""From MLIR's text to IR, and the files that dumps are."""
