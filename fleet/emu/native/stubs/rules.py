"""All stubs there are: stem to the rules by which they are written; the first that fits counts.

A new module of stubs is one more name in MODULES.
"""

from __future__ import annotations

from fleet.emu.native.stub import Rule, Stub
from fleet.emu.native.stubs import (
    access,
    conversion,
    estimates,
    fixedpoint,
    floating,
    integer,
    masks,
    multiplication,
    permutation,
    reduction,
    setting,
    widening,
)

MODULES = (
    setting, access, permutation, masks, integer, multiplication, widening, fixedpoint, floating,
    conversion, estimates, reduction,
)  # fmt: skip


def _by_stem() -> dict[str, tuple[Rule, ...]]:
    stems = {stem for module in MODULES for stem in module.RULES}
    return {
        stem: tuple(module.RULES[stem] for module in MODULES if stem in module.RULES)
        for stem in stems
    }


RULES = _by_stem()


def rule_for(stub: Stub) -> Rule | None:
    """How to write a stub; None if an instruction has none."""
    for rule in RULES.get(stub.stem, ()):
        if stub.sew in rule.sews and rule.fits(stub):
            return rule
    return None
