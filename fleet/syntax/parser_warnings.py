"""What CPython's compiler warns of: expressions that are legal and hardly meant.

In: a node. Out: the text of a warning, or None. The one idea: CPython warns after it has folded
constants, so `x is -1` and `(1, 2)(3)` have literals in them, and a folding of our own that finds
the same constants goes first. (CPython 3.11: `Python/compile.c`, the functions called `check_…`,
and `Python/ast_opt.c`.)
"""

from __future__ import annotations

import operator
from typing import Any

from fleet.syntax import tree

MAX_INT_BITS, MAX_STRING, MAX_COLLECTION = 128, 4096, 256
"""What CPython does not make while compiling is larger than this."""
_DISPLAYS = {
    "Tuple": "tuple", "List": "list", "ListComp": "list", "Dict": "dict", "DictComp": "dict",
    "Set": "set", "SetComp": "set", "GeneratorExp": "generator", "Lambda": "function",
    "JoinedStr": "str", "FormattedValue": "str",
}  # fmt: skip
"""The type of what a node makes, where its class tells."""
_NOT_CALLABLE = frozenset(_DISPLAYS) - {"Lambda"}
_NOT_SUBSCRIPTABLE = frozenset(("Set", "SetComp", "GeneratorExp", "Lambda"))
_SEQUENCES = frozenset(("Tuple", "List", "ListComp", "JoinedStr", "FormattedValue"))
_COMMA = "perhaps you missed a comma?"


def of_comparison(node: tree.AST, negated: bool = False) -> str | None:
    """`x is 1`; negated: within `not`, which CPython makes `is not` of."""
    left = node.left
    for op, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, tree.Is | tree.IsNot) and (_is_literal(left) or _is_literal(right)):
            if isinstance(op, tree.Is) is not negated:
                return '"is" with a literal. Did you mean "=="?'
            return '"is not" with a literal. Did you mean "!="?'
        left = right
    return None


def of_assert(node: tree.AST) -> str | None:
    """`assert (x, "text")`."""
    test = node.test
    found = (test.elts,) if isinstance(test, tree.Tuple) else _folded(test)
    if found is not None and isinstance(found[0], list | tuple) and found[0]:
        return "assertion is always true, perhaps remove parentheses?"
    return None


def of_call(node: tree.AST) -> str | None:
    """`(1, 2) (3, 4)`, where a comma is missing."""
    if type(node.func).__name__ in _NOT_CALLABLE or _folded(node.func) is not None:
        return f"'{_type_name(node.func)}' object is not callable; {_COMMA}"
    return None


def of_subscript(node: tree.AST) -> str | None:
    """`[1, 2] [3, 4]`, where a comma is missing."""
    if not isinstance(node.ctx, tree.Load) or _folded(node) is not None:
        return None
    owner = _folded(node.value)
    name = type(node.value).__name__
    if name in _NOT_SUBSCRIPTABLE or (
        owner is not None
        and (owner[0] is None or owner[0] is ... or isinstance(owner[0], int | float | complex))
    ):
        return f"'{_type_name(node.value)}' object is not subscriptable; {_COMMA}"
    index = _type_name(node.slice)
    indexed_by_numbers = name in _SEQUENCES or (
        owner is not None and isinstance(owner[0], str | bytes | tuple)
    )
    if indexed_by_numbers and index not in (None, "int", "bool"):
        return (
            f"{_type_name(node.value)} indices must be integers or slices, not {index}; {_COMMA}"
        )
    return None


def _is_literal(node: tree.AST) -> bool:
    found = _folded(node)
    return found is not None and not any(found[0] is each for each in (None, True, False, ...))


def _type_name(node: tree.AST) -> str | None:
    found = _folded(node)
    if found is not None:
        return type(found[0]).__name__
    return _DISPLAYS.get(type(node).__name__)


# -- constants, as CPython folds them


def _folded(node: tree.AST) -> tuple[Any] | None:
    """The constant that a node becomes, in a tuple of one, or None."""
    match node:
        case tree.Constant(value):
            return (value,)
        case tree.Name("__debug__"):
            return (True,)
        case tree.Tuple(elts, tree.Load()):
            parts = [_folded(one) for one in elts]
            return None if None in parts else (tuple(part[0] for part in parts),)
        case tree.UnaryOp(op, operand):
            return _computed(_UNARY[type(op).__name__], _folded(operand))
        case tree.BinOp(left, op, right):
            one = _folded(left)
            other = None if one is None else _folded(right)
            if other is None or not _is_small(type(op).__name__, one[0], other[0]):
                return None
            return _computed(_BINARY[type(op).__name__], one, other)
        case tree.Subscript(value, index, tree.Load()):
            one = _folded(value)
            return None if one is None else _computed(operator.getitem, one, _folded(index))
    return None


_UNARY = {
    "Invert": operator.invert, "Not": operator.not_, "UAdd": operator.pos, "USub": operator.neg,
}  # fmt: skip
_BINARY = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv,
    "FloorDiv": operator.floordiv, "Mod": operator.mod, "Pow": operator.pow,
    "LShift": operator.lshift, "RShift": operator.rshift, "BitOr": operator.or_,
    "BitXor": operator.xor, "BitAnd": operator.and_, "MatMult": operator.matmul,
}  # fmt: skip


def _computed(function: Any, *operands: tuple[Any] | None) -> tuple[Any] | None:
    if None in operands:
        return None
    try:
        return (function(*(operand[0] for operand in operands)),)
    except Exception:  # it is the program's to fail, when it runs
        return None


def _is_small(op: str, left: Any, right: Any) -> bool:
    """Whether CPython computes it: numbers and texts of bounded size."""
    if op == "Mod":
        return not isinstance(left, str | bytes)
    integers = isinstance(left, int) and isinstance(right, int) and left and right
    if op == "Mult":
        if integers:
            return left.bit_length() + right.bit_length() <= MAX_INT_BITS
        for count, value in ((left, right), (right, left)):
            if isinstance(count, int) and isinstance(value, str | bytes | tuple):
                most = MAX_COLLECTION if isinstance(value, tuple) else MAX_STRING
                return 0 <= count * len(value) <= most
    if op == "Pow" and integers and right > 0:
        return left.bit_length() * right <= MAX_INT_BITS
    if op == "LShift" and integers:
        return right >= 0 and left.bit_length() + right <= MAX_INT_BITS
    return True
