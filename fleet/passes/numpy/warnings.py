"""`strip-warnings`: forget what NumPy calls an operation when it warns.

In: the front end's IR. Out: the same without the attributes `said` and `ignored`; the module keeps
where scalars wrap and nobody warns, as in the prelude's random numbers, and where they are
unsigned. The one idea: they say nothing about values, and operations that differ in them alone are
equal to every pass.
"""

from __future__ import annotations

from fleet.dialects.numpy import MIXED, QUIET, UNSIGNED
from fleet.dialects.numpy.warnings import can_warn
from fleet.ir.attributes import attribute
from fleet.ir.core import Operation
from fleet.ir.rewriting.journal import traced
from fleet.ir.rewriting.passes import register_pass
from fleet.ir.types import IntegerType, element_of

_WRAPPING = {
    f"numpy.{name}" for name in ("add", "subtract", "multiply", "floor_divide", "remainder")
}


@register_pass("strip-warnings", "forget under which name NumPy warns of an operation")
def run(module: Operation) -> None:
    with traced("nobody asks for NumPy's warnings", module, module):
        if places := _quiet(module):
            module.attributes[QUIET] = attribute(sorted(places))
        signs = _signs(module)
        for name, wanted in ((UNSIGNED, {"u"}), (MIXED, {"u", "s"})):
            if places := [place for place, found in signs.items() if wanted <= found]:
                module.attributes[name] = attribute(sorted(places))
        for operation in module.walk():
            if operation.name.startswith("numpy."):
                operation.attributes.pop("said", None)
                operation.attributes.pop("ignored", None)


def _signs(module: Operation) -> dict[str, set[str]]:
    """The places where integers are computed, and whether signed or unsigned ones."""
    found: dict[str, set[str]] = {}
    for operation in module.walk():
        if operation.name in _WRAPPING:
            element = element_of(operation.result.type)
            if isinstance(element, IntegerType):
                sign = "u" if element.signedness == "u" else "s"
                found.setdefault(str(operation.location), set()).add(sign)
    return found


def _quiet(module: Operation) -> set[str]:
    """The places where integers are computed that NumPy does not warn of, and none that it does."""
    quiet, loud = set(), set()
    for operation in module.walk():
        if operation.name in _WRAPPING and isinstance(
            element_of(operation.result.type), IntegerType
        ):
            if can_warn(operation):
                loud.add(str(operation.location))
            elif operation.get("said") == "":
                quiet.add(str(operation.location))
    return quiet - loud
