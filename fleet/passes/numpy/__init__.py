"""From numpy to tosa, math, arith, tensor and linalg.generic: a handler an operation."""
