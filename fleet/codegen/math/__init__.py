"""Elementary functions as polynomials over the loop IR's arithmetic."""
