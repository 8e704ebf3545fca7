"""Instructions of the profiles RVA22U64 and RVA23U64, where `--march` allows them.

In: a function over virtual registers, as selected for RV64GCV. Out: the same with fewer
instructions. The one idea: a rule is a row: an instruction one of whose operands comes from
another, and the one that does the work of both. What nobody needs any more is erased afterwards.
What has another form from the start (`Selection.has`) asks where it is selected.
"""

from __future__ import annotations

from typing import NamedTuple

from fleet.asm.objects.attributes import extensions_of
from fleet.diagnostics import FleetError
from fleet.dialects import numpy, rv
from fleet.ir.builder import Builder
from fleet.ir.core import Operation, Region, Value

MARCH = "fleet.march"
"""The attribute of a module that names the profile."""

PROFILES = {"rva22u64": "rva22u64_v", "rva23u64": "rva23u64"}
"""Profiles, and the architecture: kernels take vectors."""


def architecture_of(march: str) -> str:
    """What `--march` asks for: a profile, or any architecture that has RV64GCV.

    Raises FleetError for another, and for extensions that we do not know.
    """
    architecture = PROFILES.get(march, march)
    found = extensions_of(architecture)
    lacking = [name for name in "imafdcv" if name not in found]
    if lacking or not march.startswith(("rv64", "rva")):
        why = f" lacks {' '.join(lacking)}" if lacking else " is not of 64 bits"
        raise FleetError(f"{march}{why}: kernels are for RV64GCV or more", hint=HINT)
    return architecture


HINT = f"profiles are {', '.join(sorted(PROFILES))}; extensions follow after _, as in rva23u64_zvfh"


def profile_of(module: Operation) -> str | None:
    """The architecture that a module is for; None for RV64GCV."""
    name = module.get(MARCH)
    return None if name is None else architecture_of(name)


def extensions_for(module: Operation) -> frozenset[str]:
    """Those beyond RV64GCV that kernels of a module may use."""
    architecture = profile_of(module)
    return frozenset() if architecture is None else frozenset(extensions_of(architecture))


def halves_for(module: Operation) -> str | None:
    """What the machines that a module is for can do with float16 (`numpy.HALVES`)."""
    found = extensions_for(module)
    if not found >= {"zvfhmin", "zfhmin"}:
        return None
    return numpy.COMPUTED if "zvfh" in found else numpy.CONVERTED


class Rule(NamedTuple):
    """`outer(x, inner(y))` is `made(y, x)`, or `made(x, y)` where not `inner_first`.

    attribute, value: of the inner instruction
    """

    extension: str
    outer: str
    inner: str
    attribute: str
    value: int
    made: str
    inner_first: bool


RULES = (
    Rule("zba", "add", "slli", "shamt", 1, "sh1add", True),
    Rule("zba", "add", "slli", "shamt", 2, "sh2add", True),
    Rule("zba", "add", "slli", "shamt", 3, "sh3add", True),
    Rule("zbb", "and", "xori", "imm", -1, "andn", False),
    Rule("zbb", "or", "xori", "imm", -1, "orn", False),
    Rule("zbb", "xor", "xori", "imm", -1, "xnor", False),
)
_OUTER = {rv.op(rule.outer) for rule in RULES}


def combine(region: Region, extensions: frozenset[str]) -> None:
    """Two instructions become one, where a rule says so."""
    rules = [rule for rule in RULES if rule.extension in extensions]
    if not rules:
        return
    for block in region.blocks:
        for operation in list(block):
            if operation.definition in _OUTER:
                _combine(operation, rules)


def _combine(operation: Operation, rules: list[Rule]) -> None:
    a, b = operation.operands
    for rule in rules:
        if operation.definition is not rv.op(rule.outer):
            continue
        for inner, other in ((b, a), (a, b)):
            source = _source(inner, rule)
            if source is None:
                continue
            builder = Builder(operation.parent, operation, operation.location)
            operands = (source, other) if rule.inner_first else (other, source)
            made = builder.value(rv.op(rule.made), *operands, types=[rv.X])
            operation.result.replace_all_uses_with(made)
            operation.erase()
            return


def _source(value: Value, rule: Rule) -> Value | None:
    """What the inner instruction works on, if it is the rule's."""
    owner = value.owner
    if not isinstance(owner, Operation) or owner.definition is not rv.op(rule.inner):
        return None
    return owner.operand(0) if int(owner.get(rule.attribute)) == rule.value else None
