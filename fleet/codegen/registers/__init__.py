"""From virtual registers to the machine's: constraints, liveness, spills, frames."""
