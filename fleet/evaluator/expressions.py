"""Expressions: each kind of node, evaluated to a value that is known now or then.

In: expression nodes. Out: values. The one idea: operators are Python's own, applied to whatever
the operands are; a run-time value's own methods build the IR. Only where Python looks at a truth
value or a subscript does the evaluator ask which kind it has before it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from fleet.evaluator import attributes, calls, loops, operations, regions
from fleet.evaluator.machine import Machine
from fleet.evaluator.provided import Unsupported
from fleet.evaluator.scopes import Names, Scope
from fleet.evaluator.values import formats, operators, tensors, texts
from fleet.evaluator.values.heap import MISSING, Dict, List, Set
from fleet.evaluator.values.then import (
    Array,
    Then,
    is_run_time_list,
    type_name,
    unbound_tag,
)
from fleet.syntax import tree

BINARY: dict[type, Callable[[Any, Any], Any]] = {
    tree.Add: operator.add, tree.Sub: operator.sub, tree.Mult: operator.mul,
    tree.Div: operator.truediv, tree.FloorDiv: operator.floordiv, tree.Mod: operator.mod,
    tree.Pow: operator.pow, tree.MatMult: operator.matmul, tree.LShift: operator.lshift,
    tree.RShift: operator.rshift, tree.BitAnd: operator.and_, tree.BitOr: operator.or_,
    tree.BitXor: operator.xor,
}  # fmt: skip
IN_PLACE: dict[type, Callable[[Any, Any], Any]] = {
    tree.Add: operator.iadd, tree.Sub: operator.isub, tree.Mult: operator.imul,
    tree.Div: operator.itruediv, tree.FloorDiv: operator.ifloordiv, tree.Mod: operator.imod,
    tree.Pow: operator.ipow, tree.MatMult: operator.imatmul, tree.LShift: operator.ilshift,
    tree.RShift: operator.irshift, tree.BitAnd: operator.iand, tree.BitOr: operator.ior,
    tree.BitXor: operator.ixor,
}  # fmt: skip
UNARY = {tree.USub: operator.neg, tree.UAdd: operator.pos, tree.Invert: operator.invert}
COMPARE = {
    tree.Eq: operator.eq, tree.NotEq: operator.ne, tree.Lt: operator.lt, tree.LtE: operator.le,
    tree.Gt: operator.gt, tree.GtE: operator.ge,
}  # fmt: skip


def name_(m: Machine, node: tree.AST) -> Any:
    try:
        value = m.scope.lookup(node.id)
    except NameError as error:
        raise _missed(m, node.id, error) from None
    if value is MISSING:
        value = m.builtins.get(node.id, MISSING)
        if value is MISSING:
            raise _missed(m, node.id, NameError(f"name '{node.id}' is not defined"))
        if type(value) is Unsupported:
            raise m.error(f"`{value.name}` is not supported", value.hint)
    if type(value) not in operations.CONDITIONAL:
        return value
    if unbound_tag(value) is not None:
        _miss(m, node.id)
    return operations.usable(m, value)


def _missed(m: Machine, name: str, error: NameError) -> Exception:
    """A name has no value here; in a run-time loop, an iteration before may have given it one."""
    _miss(m, name)
    error.name = name
    return m.raised(error)


def _miss(m: Machine, name: str) -> None:
    m.missed |= {(id(scope.values), name) for scope in m.scope.chain()}


def constant(m: Machine, node: tree.AST) -> Any:
    if isinstance(node.value, complex):
        raise m.error("complex numbers are not supported")
    return node.value


def tuple_(m: Machine, node: tree.AST) -> tuple:
    return tuple(elements(m, node.elts))


def list_(m: Machine, node: tree.AST) -> List:
    return List(m.heap, elements(m, node.elts))


def set_(m: Machine, node: tree.AST) -> Set:
    return Set(m.heap, m.native(set, elements(m, node.elts)))


def elements(m: Machine, nodes: list[tree.AST]) -> list[Any]:
    """The values of a display's or call's items, starred ones unpacked."""
    values: list[Any] = []
    for node in nodes:
        if isinstance(node, tree.Starred):
            values += operations.known_items(m, m.evaluate(node.value))
        else:
            values.append(m.evaluate(node))
    return values


def dict_(m: Machine, node: tree.AST) -> Dict:
    result: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            m.native(result.update, m.evaluate(value))
        else:
            m.native(operations.put, result, m.evaluate(key), m.evaluate(value))
    return Dict(m.heap, result)


def joined_string(m: Machine, node: tree.AST) -> Any:
    parts: list[texts.Part] = []
    for piece in node.values:
        if isinstance(piece, tree.Constant):
            parts.append(piece.value)
            continue
        value = m.evaluate(piece.value)
        spec = joined_string(m, piece.format_spec) if piece.format_spec is not None else ""
        if isinstance(spec, Then):
            raise m.error("a format specification must be known at build time", node=piece)
        conversion = "" if piece.conversion == -1 else f"!{chr(piece.conversion)}"
        parts += m.native(texts.parts_of, value, conversion, spec)
    if all(isinstance(part, str) for part in parts):
        return "".join(parts)
    return m.native(texts.compose, m.backend.e, parts)


def named(m: Machine, node: tree.AST) -> Any:
    value = m.evaluate(node.value)
    scope = m.scope
    while scope.kind == "comprehension":
        scope = scope.parent
    scope.assign(m.heap, node.target.id, value)
    return value


_PLAIN = frozenset((int, float, bool, str))


def _plainly(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """What Python's operator gives for plain values; MISSING where it raises."""
    try:
        return operation(left, right)
    except Exception:
        return MISSING


def _method(owner: str, called: tuple[str, list[Any]]) -> Any:
    name, arguments = called
    return getattr(str, name)(owner, *arguments)


def binary(m: Machine, node: tree.AST) -> Any:
    left, right = m.evaluate(node.left), m.evaluate(node.right)
    if type(left) in _PLAIN and type(right) in _PLAIN:
        result = _plainly(BINARY[type(node.op)], left, right)
        if result is not MISSING:
            return result
    if isinstance(node.op, tree.Mod) and isinstance(left, str) and (
            texts.has_run_time(right) or texts.holds_instances((right,))):  # fmt: skip
        parts = m.native(formats.percent_parts, left, right)
        return m.native(texts.compose, m.backend.e, parts)
    if is_run_time_list(left) or is_run_time_list(right):
        return m.native(
            operators.operate, m.backend.e, _names[type(node.op)], left, right
        )
    return m.native(BINARY[type(node.op)], left, right)


def unary(m: Machine, node: tree.AST) -> Any:
    if isinstance(node.op, tree.Not):
        return operations.negate(m, condition(m, node.operand))
    value = m.evaluate(node.operand)
    return m.native(UNARY[type(node.op)], value)


def condition(m: Machine, node: tree.AST) -> Any:
    """The truth of an expression that is only asked for its truth."""
    if isinstance(node, tree.UnaryOp) and isinstance(node.op, tree.Not):
        return operations.negate(m, condition(m, node.operand))
    if isinstance(node, tree.BoolOp):
        return _conditions(m, isinstance(node.op, tree.And), node.values)
    return operations.truth_of(m, m.evaluate(node))


def _conditions(m: Machine, is_and: bool, nodes: list[tree.AST]) -> Any:
    truth = condition(m, nodes[0])
    if len(nodes) == 1:
        return truth
    if not isinstance(truth, Then):
        return _conditions(m, is_and, nodes[1:]) if truth is is_and else truth

    def rest() -> Any:
        return _conditions(m, is_and, nodes[1:])

    if is_and:
        return regions.choose(m, truth, rest, lambda: False)
    return regions.choose(m, truth, lambda: True, rest)


def boolean(m: Machine, node: tree.AST) -> Any:
    return _boolean(m, isinstance(node.op, tree.And), node.values)


def _boolean(m: Machine, is_and: bool, nodes: list[tree.AST]) -> Any:
    value = m.evaluate(nodes[0])
    if len(nodes) == 1:
        return value
    truth = operations.truth_of(m, value)
    if not isinstance(truth, Then):
        return _boolean(m, is_and, nodes[1:]) if truth is is_and else value

    def rest() -> Any:
        return _boolean(m, is_and, nodes[1:])

    def short() -> Any:
        return value

    sides = (rest, short) if is_and else (short, rest)
    return regions.choose(m, truth, *sides)


def conditional(m: Machine, node: tree.AST) -> Any:
    truth = condition(m, node.test)
    if isinstance(truth, Then):
        return regions.choose(m,
            truth, lambda: m.evaluate(node.body), lambda: m.evaluate(node.orelse)
        )
    return m.evaluate(node.body if truth else node.orelse)


def compare_(m: Machine, node: tree.AST) -> Any:
    left = m.evaluate(node.left)
    return _chain(m, left, list(zip(node.ops, node.comparators, strict=True)))


def _chain(m: Machine, left: Any, rest: list[tuple[tree.AST, tree.AST]]) -> Any:
    (op, comparator), *more = rest
    right = m.evaluate(comparator)
    value = comparison(m, op, left, right)
    if not more:
        return value
    truth = operations.truth_of(m, value)
    if isinstance(truth, Then):
        return regions.choose(m, truth, lambda: _chain(m, right, more), lambda: value)
    return _chain(m, right, more) if truth else value


def comparison(m: Machine, op: tree.AST, left: Any, right: Any) -> Any:
    if type(left) in _PLAIN and type(right) in _PLAIN and type(op) in COMPARE:
        result = _plainly(COMPARE[type(op)], left, right)
        if result is not MISSING:
            return result
    match op:
        case tree.Is():
            return operations.identical(m, left, right)
        case tree.IsNot():
            return operations.negate(m, operations.identical(m, left, right))
        case tree.In():
            return operations.contains(m, right, left)
        case tree.NotIn():
            return operations.negate(m, operations.contains(m, right, left))
    if is_run_time_list(left) or is_run_time_list(right):
        return m.native(operators.operate, m.backend.e, _names[type(op)], left, right)
    return m.native(COMPARE[type(op)], left, right)


def subscript(m: Machine, node: tree.AST) -> Any:
    value = m.evaluate(node.value)
    key = m.evaluate(node.slice)
    return operations.get_item(m, value, key)


def slice_(m: Machine, node: tree.AST) -> slice:
    parts = (node.lower, node.upper, node.step)
    return slice(
        *(None if part is None else slice_bound(m, m.evaluate(part)) for part in parts)
    )


def slice_bound(m: Machine, value: Any) -> Any:
    if isinstance(value, Array) and not value.dims:
        return m.native(tensors.to_number, m.backend.e, value)
    return value


def attribute(m: Machine, node: tree.AST) -> Any:
    return attributes.get_attribute(m, m.evaluate(node.value), node.attr)


def lambda_(m: Machine, node: tree.AST) -> Any:
    return calls.make_function(m, node, "<lambda>")


_TEXT_METHODS = frozenset("""
    capitalize casefold center count endswith expandtabs find index isalnum isalpha isascii
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper ljust lower
    lstrip partition replace rfind rindex rjust rpartition rsplit rstrip split splitlines
    startswith strip swapcase title upper zfill
""".split())
"""Methods of str that look at nothing but texts and ints."""


def _attribute_of(m: Machine, owner: Any, node: tree.AST) -> Any:
    m.node = node
    return attributes.get_attribute(m, owner, node.attr)


def call(m: Machine, node: tree.AST) -> Any:
    function = node.func
    if type(function) is tree.Attribute and function.attr in _TEXT_METHODS:
        owner = m.evaluate(function.value)
        is_text = type(owner) is str  # which has the method
        callee = None if is_text else _attribute_of(m, owner, function)
        arguments = elements(m, node.args)
        if is_text and not node.keywords and all(type(value) in _PLAIN for value in arguments):
            result = _plainly(_method, owner, (function.attr, arguments))
            if result is not MISSING:
                return m.own(result)
        callee = _attribute_of(m, owner, function) if is_text else callee
    else:
        callee = m.evaluate(function)
        arguments = elements(m, node.args)
    keywords: dict[str, Any] = {}
    for keyword in node.keywords:
        value = m.evaluate(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        name = getattr(callee, "_name", getattr(callee, "__qualname__", "function"))
        if not isinstance(value, dict) and attributes.find_attribute(m, value, "keys") is None:
            kind = type_name(value)
            message = f"{name}() argument after ** must be a mapping, not {kind}"
            raise m.raised(TypeError(message))
        for key in m.native(lambda value=value: list(value.keys())):
            if key in keywords:
                raise m.raised(
                    TypeError(f"{name}() got multiple values for keyword argument '{key}'")
                )
            keywords[key] = operations.get_item(m, value, key)
    m.node = node
    return operations.usable(m, calls.call_value(m, callee, tuple(arguments), keywords))


def list_comprehension(m: Machine, node: tree.AST) -> List:
    result = List(m.heap)

    def body() -> None:
        result.append(m.evaluate(node.elt))

    _comprehend(m, node, result, body)
    return result


def set_comprehension(m: Machine, node: tree.AST) -> Set:
    result = Set(m.heap)
    _comprehend(m, node, result, lambda: m.native(result.add, m.evaluate(node.elt)))
    return result


def dict_comprehension(m: Machine, node: tree.AST) -> Dict:
    result = Dict(m.heap)

    def body() -> None:
        m.native(operations.put, result, m.evaluate(node.key), m.evaluate(node.value))

    _comprehend(m, node, result, body)
    return result


def _comprehend(m: Machine, node: tree.AST, result: Any, body: Callable[[], None]) -> None:
    first = m.evaluate(node.generators[0].iter)
    targets = Names(_target_names(node))
    before = m.scope
    m.scope = Scope("comprehension", before, targets, before.function)
    m.scope.values[".result"] = result  # where a loop finds it again
    try:
        _generators(m, node.generators, first, body)
    finally:
        m.scope = before


def _generators(
    m: Machine, generators: list[tree.AST], items: Any, body: Callable[[], None]
) -> None:
    generator, *inner = generators
    if generator.is_async:
        raise m.error("async comprehensions are not supported")

    def step() -> None:
        _filtered(m, generator.ifs, inner, body)

    loops.iterate(m, generator.target, items, step, generator)


def _filtered(m: Machine, tests: list[tree.AST], inner: list[tree.AST], body: Callable[[], None]
) -> None:
    if tests:
        truth = condition(m, tests[0])
        if isinstance(truth, Then):
            regions.choose(m, truth, lambda: _filtered(m, tests[1:], inner, body), lambda: None)
        elif truth:
            _filtered(m, tests[1:], inner, body)
    elif inner:
        _generators(m, inner, m.evaluate(inner[0].iter), body)
    else:
        body()


def _target_names(node: tree.AST) -> set[str]:
    return {
        name.id
        for generator in node.generators
        for name in tree.walk(generator.target)
        if isinstance(name, tree.Name)
    }



_names = {
    tree.Add: "add", tree.Sub: "sub", tree.Mult: "mul", tree.Div: "truediv", tree.Mod: "mod",
    tree.FloorDiv: "floordiv", tree.Pow: "pow", tree.MatMult: "matmul", tree.LShift: "lshift",
    tree.RShift: "rshift", tree.BitAnd: "and", tree.BitOr: "or", tree.BitXor: "xor",
    tree.Eq: "eq", tree.NotEq: "ne", tree.Lt: "lt", tree.LtE: "le", tree.Gt: "gt", tree.GtE: "ge",
}  # fmt: skip
HANDLERS: dict[type, Callable[[Machine, Any], Any]] = {
    tree.Name: name_,
    tree.Constant: constant,
    tree.Tuple: tuple_,
    tree.List: list_,
    tree.Set: set_,
    tree.Dict: dict_,
    tree.JoinedStr: joined_string,
    tree.NamedExpr: named,
    tree.BinOp: binary,
    tree.UnaryOp: unary,
    tree.BoolOp: boolean,
    tree.IfExp: conditional,
    tree.Compare: compare_,
    tree.Subscript: subscript,
    tree.Slice: slice_,
    tree.Attribute: attribute,
    tree.Lambda: lambda_,
    tree.Call: call,
    tree.ListComp: list_comprehension,
    tree.SetComp: set_comprehension,
    tree.DictComp: dict_comprehension,
}
_UNSUPPORTED = {
    tree.Await: ("`await`", "write the function without async"),
    tree.Yield: ("`yield`", "return a list instead of generating its items"),
    tree.YieldFrom: ("`yield from`", "return a list instead of generating its items"),
    tree.Starred: ("`*` here", None),
}


def unsupported(what: str, hint: str | None) -> Callable[[Machine, Any], Any]:
    """A construct that is outside the language."""

    def refuse(m: Machine, node: tree.AST) -> Any:
        raise m.error(f"{what} is not supported", hint, node)

    return refuse


HANDLERS |= {node: unsupported(*told) for node, told in _UNSUPPORTED.items()}
