"""`scf`: structured control flow. Values that a region assigns are its operation's results."""

from __future__ import annotations

from fleet.ir.definition import TERMINATOR, Dialect

SCF = Dialect("scf")

for_ = SCF.op("for", "lower: Index, upper: Index, step: Index, inits: Any* -> results: Any*", regions=1)
"""Block arguments: the induction variable, then the iteration arguments."""
while_ = SCF.op("while", "inits: Any* -> results: Any*", regions=2)
"""`before` ends in `scf.condition`; `after` takes what it forwards and yields the next inits."""
if_ = SCF.op("if", "condition: I1 -> results: Any*", regions=2)
"""The second region is empty (no block) when there is no else."""
condition = SCF.op("condition", "condition: I1, forwarded: Any*", traits={TERMINATOR})
yield_ = SCF.op("yield", "operands: Any*", traits={TERMINATOR})
