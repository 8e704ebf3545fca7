"""What NumPy warns of while `numpy` operations are executed, and which of them it can warn of.

In: an operation, and what NumPy says. Out: the warning with the operation's place, under the name
that the front end gave it (`said`: of the function or operator in the program), unless the program
has it ignored (`ignored`: as in np.errstate). The one idea: the same functions of NumPy run here as
under CPython, so the messages are NumPy's own.
"""

from __future__ import annotations

from collections.abc import Callable

from fleet.host import Host
from fleet.ir.core import Operation
from fleet.ir.interpreter import python_value
from fleet.ir.types import ComplexType, FloatType, IntegerType, TensorType, Type, element_of, i1

KINDS = {
    "divide by zero": "divide", "overflow": "over", "underflow": "under",
    "invalid value": "invalid",
}  # fmt: skip
"""NumPy's words -> its names for np.errstate."""

_FLOAT = {
    f"numpy.{name}" for name in (
        "add", "subtract", "multiply", "divide", "floor_divide", "remainder", "power",
        "float_power", "sqrt", "exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos",
        "tanh", "tan", "arcsin", "arccos", "sinh", "cosh", "arccosh", "arctanh", "exp2", "fmod",
        "hypot", "sum", "prod", "cumsum", "cumprod", "matmul",
    )
}  # fmt: skip
_INTEGER = {"numpy.floor_divide", "numpy.remainder", "numpy.fmod"}
_INTEGER_SCALARS = {
    f"numpy.{name}" for name in (
        "add", "subtract", "multiply", "floor_divide", "remainder", "negative", "absolute",
    )
}  # fmt: skip


def show_on(host: Host) -> Callable[[Operation, str], None]:
    """How an interpreter has to treat what NumPy says about an operation: for its `warn`."""

    def warn(operation: Operation, text: str) -> None:
        if not can_warn(operation):
            return
        kind, _, name = text.removeprefix("Warning: ").strip().partition(" encountered in ")
        if KINDS.get(kind) not in ignored(operation):
            said = operation.get("said", name)
            host.warned.show(f"{kind} encountered in {said}", operation.location)

    return warn


def ignored(operation: Operation) -> list[str]:
    """The kinds of warnings that the program ignores there."""
    kinds = operation.attributes.get("ignored")
    return [] if kinds is None else python_value(kinds)


def is_scalar(operation: Operation) -> bool:
    """Whether NumPy's scalars do it rather than a function of arrays."""
    return operation.get("said", "").startswith("scalar ")


def can_warn(operation: Operation) -> bool:
    """Whether there are operands of which NumPy would warn."""
    if operation.get("said") == "" or len(ignored(operation)) == len(KINDS):
        return False
    if operation.name == "numpy.cast":
        return _loses(element_of(operation.operand(0).type), element_of(operation.result.type))
    if not operation.operands:
        return False
    element = element_of(operation.operand(0).type)
    if isinstance(element, FloatType | ComplexType):
        return operation.name in _FLOAT
    if not isinstance(element, IntegerType) or element == i1:
        return False
    return operation.name in (_INTEGER_SCALARS if is_scalar(operation) else _INTEGER)


def _loses(source: Type, target: Type) -> bool:
    """Whether a conversion may overflow, or be of what the target has no value for."""
    if not isinstance(source, FloatType):
        return isinstance(target, FloatType) and target.width < 32
    if isinstance(target, FloatType):
        return target.width < source.width
    return isinstance(target, IntegerType) and target != i1


def by_schedule(operation: Operation) -> bool:
    """Whether it is on single elements, which the schedule computes itself."""
    type = operation.result.type
    return not isinstance(type, TensorType) or type.rank == 0
