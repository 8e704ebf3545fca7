"""An evaluated function without what a graph cannot hold.

In: the module that the evaluator has made. Out: the same without warnings and without what nothing
needs; or a rejection at the place of what asks the host for something. The one idea: texts that
only messages of errors show are left out of these, so that checks ask for none.
"""

from __future__ import annotations

from fleet.diagnostics import FleetError
from fleet.dialects import arith
from fleet.dialects.arith import CMPI_PREDICATES
from fleet.ir.analysis.effects import constant_int
from fleet.ir.attributes import ArrayAttr, StringAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Operation
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import i1

_SHOWN = {
    "print": "prints", "input": "reads standard input", "stdin": "reads standard input",
    "file": "opens files",
    "argc": "reads sys.argv", "argv": "reads sys.argv", "arguments": "reads sys.argv",
    "exit": "ends the program", "clock": "asks for the time", "time": "asks for the time",
    "getcwd": "asks for the working directory", "getenv": "reads the environment",
    "environ": "reads the environment", "entropy": "asks for random numbers that nobody seeds",
    "recursion_limit": "sets the recursion limit", "format": "makes a text",
    "parse_int": "reads a number from a text", "parse_float": "reads a number from a text",
    "decode": "makes a text",
}  # fmt: skip
"""What a function that asks for a service does, for messages."""
_MAKING = ("format", "function", "method", "build", "operator")
"""Services that do nothing but give something."""
_OBJECTS = "needs a list, dictionary or text of run time"

CLEAN = ("canonicalize{fold-arrays=false}", "cse", "dce")
PASSES = ("strip-warnings", "dce", *CLEAN, "symbol-dce")


def clean(module: Operation, name: str) -> None:
    """Take a module to what a graph is. Raises FleetError with the place of what it cannot hold.

    name: of the function, for messages.
    """
    for op in list(module.walk()):
        if op.name == "numpy.host" and op.get("service") == "warn":
            op.erase()
        elif op.name == "numpy.check":
            _without_texts(op)
    PassManager(PASSES).run(module)
    if _fold_tags(module):
        PassManager(CLEAN).run(module)
    while _drop_texts(module):
        PassManager(("dce",)).run(module)
    for op in module.walk():
        if op.name == "numpy.host":
            raise _refused(op, name)


def _fold_tags(module: Operation) -> bool:
    """`(c ? 0 : 1) == 0`, with which paths that came together tell where they came from, as `c`;
    whether there was any."""
    found = False
    for op in list(module.walk()):
        if op.name != "arith.cmpi" or CMPI_PREDICATES[op.get("predicate")] not in ("eq", "ne"):
            continue
        tag, wanted = op.operand(0), constant_int(op.operand(1))
        branch = tag.owner
        if wanted is None or not isinstance(branch, Operation) or branch.name != "scf.if":
            continue
        ways = [constant_int(region.block.terminator.operand(tag.number))
                for region in branch.regions]  # fmt: skip
        if None in ways or (ways[0] == wanted) == (ways[1] == wanted):
            continue
        holds = (ways[0] == wanted) == (CMPI_PREDICATES[op.get("predicate")] == "eq")
        condition = branch.operand(0)
        if not holds:
            builder = Builder.before(op)
            condition = builder.value(arith.xori, condition, builder.constant(1, i1))
        op.replace_with([condition])
        found = True
    return found


def _without_texts(check: Operation) -> None:
    """Leave open, in a check's message, what run time would make a text of."""
    kinds = [item.value for item in check.get("kinds") or ()]
    kept = [at for at, kind in enumerate(kinds) if kind in ("int", "float", "bool")]
    if len(kept) == len(kinds):
        return
    condition, *operands = check.operands
    first, *rest = str(check.get("message")).split("{}")
    shown = ["{}" if at in kept else "..." for at in range(len(rest))]
    message = first + "".join(f"{mark}{part}" for mark, part in zip(shown, rest, strict=True))
    check.operands = [condition, *(operands[at] for at in kept)]
    check.attributes["message"] = StringAttr(message)
    check.attributes["kinds"] = ArrayAttr(tuple(StringAttr(kinds[at]) for at in kept))


def _drop_texts(module: Operation) -> bool:
    """Drop texts that only messages of errors would have shown; whether there were any."""
    found = [
        op for op in module.walk()
        if op.name == "numpy.host" and op.get("service") in _MAKING
        and not any(result.uses for result in op.results)
    ]  # fmt: skip
    for op in found:
        op.erase()
    return bool(found)


def _refused(op: Operation, name: str) -> FleetError:
    service = str(op.get("service"))
    asked = op.get("options") or ()
    named = dict(asked).get("asks")
    what = _SHOWN.get(str(getattr(named, "value", service)), _OBJECTS)
    return FleetError(
        f"`{name}` {what} here, which a graph cannot do", op.location,
        hint="a graph computes with arrays and numbers alone",
    )  # fmt: skip

