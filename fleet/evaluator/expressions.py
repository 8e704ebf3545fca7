"""Expressions: each kind of node, evaluated to a value that is known now or then.

In: expression nodes. Out: their evaluations (see `prepared`), which give values. The one idea:
operators are Python's own, applied to whatever the operands are; a run-time value's own methods
build the IR. Only where Python looks at a truth value or a subscript does the evaluator ask which
kind it has before it. What is plain on both sides does not go the long way.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

from fleet.evaluator import attributes, calls, lookups, loops, operations, regions
from fleet.evaluator.functions import Function
from fleet.evaluator.machine import Machine
from fleet.evaluator.operations import CONDITIONAL, PLAIN
from fleet.evaluator.prepared import TABLE, Evaluation, Prepare, each_time, in_order, prepared
from fleet.evaluator.provided import Unsupported
from fleet.evaluator.scopes import OUTERMOST, Names, Scope
from fleet.evaluator.values import formats, operators, tensors, texts
from fleet.evaluator.values.heap import MISSING, Dict, List, Set
from fleet.evaluator.values.then import (
    Array,
    Then,
    Union,
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


def name_(node: tree.AST) -> Evaluation:
    name, hops = node.id, 0

    def evaluate(m: Machine) -> Any:
        nonlocal hops
        scope = m.scope
        if hops:
            scope = scope.module if hops is OUTERMOST else scope.up(hops)
        values = scope.values
        if name in values:
            value = values[name]
            if type(value) in CONDITIONAL:
                m.node = node
                return _conditional(m, name, value)
            return value
        if scope.parent is None:
            value = m.builtins.get(name, MISSING)
            if type(value) not in _NO_BUILTIN:
                return value
        elif not hops:
            hops = scope.hops(name)
        m.node = node
        return _elsewhere(m, name)

    return evaluate


_NO_BUILTIN = frozenset((type(MISSING), Unsupported))


def _conditional(m: Machine, name: str, value: Any) -> Any:
    """What a name holds that is a value on some paths only."""
    if unbound_tag(value) is not None:
        _miss(m, name)
    return operations.usable(m, value)


def _elsewhere(m: Machine, name: str) -> Any:
    """A name's value from a scope around, or the builtin."""
    try:
        value = m.scope.lookup(name)
    except NameError as error:
        raise _missed(m, name, error) from None
    if value is MISSING:
        value = m.builtins.get(name, MISSING)
        if value is MISSING:
            raise _missed(m, name, NameError(f"name '{name}' is not defined"))
        if type(value) is Unsupported:
            raise m.error(f"`{value.name}` is not supported", value.hint)
    return _conditional(m, name, value) if type(value) in CONDITIONAL else value


def _missed(m: Machine, name: str, error: NameError) -> Exception:
    """A name has no value here; in a run-time loop, an iteration before may have given it one."""
    _miss(m, name)
    error.name = name
    return m.raised(error)


def _miss(m: Machine, name: str) -> None:
    m.missed |= {(id(scope.values), name) for scope in m.scope.chain()}


def constant(node: tree.AST) -> Evaluation:
    value = node.value
    if isinstance(value, complex):
        return each_time(_refuse_complex)(node)
    return lambda m: value


def _refuse_complex(m: Machine, node: tree.AST) -> None:
    raise m.error("complex numbers are not supported")


def tuple_(node: tree.AST) -> Evaluation:
    return elements(node.elts)


def list_(node: tree.AST) -> Evaluation:
    items = elements(node.elts)
    return lambda m: List(m.heap, items(m))


def set_(node: tree.AST) -> Evaluation:
    items = elements(node.elts)

    def evaluate(m: Machine) -> Set:
        found = items(m)
        m.node = node
        return Set(m.heap, m.native(set, found))

    return evaluate


def elements(nodes: list[tree.AST]) -> Callable[[Machine], tuple]:
    """The values of a display's or call's items, starred ones unpacked."""
    if all(type(node) is tree.Constant and type(node.value) in PLAIN for node in nodes):
        constants = tuple(node.value for node in nodes)
        return lambda m: constants
    if not any(type(node) is tree.Starred for node in nodes):
        return in_order(nodes)

    def evaluate(m: Machine) -> tuple:
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, tree.Starred):
                items = prepared(node.value)(m)
                m.node = node
                values += operations.known_items(m, items)
            else:
                values.append(prepared(node)(m))
        return tuple(values)

    return evaluate


def dict_(node: tree.AST) -> Evaluation:
    pairs = [(None if key is None else prepared(key), prepared(value))
             for key, value in zip(node.keys, node.values, strict=True)]  # fmt: skip

    def evaluate(m: Machine) -> Dict:
        result: dict[Any, Any] = {}
        for key_of, value_of in pairs:
            if key_of is None:
                more = value_of(m)
                m.node = node
                m.native(result.update, more)
                continue
            key, value = key_of(m), value_of(m)
            if type(key) in PLAIN:
                result[key] = value
            else:
                m.node = node
                m.native(operations.put, result, key, value)
        return Dict(m.heap, result)

    return evaluate


def joined_string(node: tree.AST) -> Evaluation:
    pieces = [piece.value if isinstance(piece, tree.Constant) else _formatted(piece)
              for piece in node.values]  # fmt: skip

    def evaluate(m: Machine) -> Any:
        parts: list[texts.Part] = []
        known = True
        for piece in pieces:
            if type(piece) is str:
                parts.append(piece)
                continue
            found = piece(m)
            if type(found) is str:
                parts.append(found)
            else:
                known = known and all(type(part) is str for part in found)
                parts += found
        if known:
            return "".join(parts)
        m.node = node
        return m.native(texts.compose, m.backend.e, parts)

    return evaluate


def _formatted(piece: tree.AST) -> Callable[[Machine], str | list[texts.Part]]:
    """A replacement field of an f-string: its text, or the pieces of it."""
    value_of = prepared(piece.value)
    spec_of = None if piece.format_spec is None else joined_string(piece.format_spec)
    conversion = "" if piece.conversion == -1 else f"!{chr(piece.conversion)}"

    def evaluate(m: Machine) -> str | list[texts.Part]:
        value = value_of(m)
        spec = "" if spec_of is None else spec_of(m)
        if type(value) in PLAIN and not conversion and type(spec) is str:
            try:
                return format(value, spec)
            except Exception:  # told below, with its place
                pass
        m.node = piece
        if isinstance(spec, Then):
            raise m.error("a format specification must be known at build time")
        return m.native(texts.parts_of, value, conversion, spec)

    return evaluate


def named(node: tree.AST) -> Evaluation:
    value_of, name = prepared(node.value), node.target.id

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        scope = m.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        scope.assign(m.heap, name, value)
        return value

    return evaluate


def _plain_constant(node: tree.AST) -> Any:
    """The value of a constant that is plain; MISSING for other nodes."""
    is_plain = type(node) is tree.Constant and type(node.value) in PLAIN
    return node.value if is_plain else MISSING


def binary(node: tree.AST) -> Evaluation:
    left_of, right_of, operation = prepared(node.left), prepared(node.right), BINARY[type(node.op)]
    constant = _plain_constant(node.right)

    def evaluate(m: Machine) -> Any:
        left, right = left_of(m), right_of(m)
        if type(left) in PLAIN and type(right) in PLAIN:
            try:
                return operation(left, right)
            except Exception:  # told below, with its place
                pass
        m.node = node
        return _binary(m, node, left, right)

    def with_constant(m: Machine) -> Any:
        left = left_of(m)
        if type(left) in PLAIN:
            try:
                return operation(left, constant)
            except Exception:  # told below, with its place
                pass
        m.node = node
        return _binary(m, node, left, constant)

    return evaluate if constant is MISSING else with_constant


def _binary(m: Machine, node: tree.AST, left: Any, right: Any) -> Any:
    if isinstance(node.op, tree.Mod) and isinstance(left, str) and (
            texts.has_run_time(right) or texts.holds_instances((right,))):  # fmt: skip
        parts = m.native(formats.percent_parts, left, right)
        return m.native(texts.compose, m.backend.e, parts)
    if is_run_time_list(left) or is_run_time_list(right):
        return m.native(
            operators.operate, m.backend.e, _names[type(node.op)], left, right
        )
    return m.native(BINARY[type(node.op)], left, right)


def unary(node: tree.AST) -> Evaluation:
    if isinstance(node.op, tree.Not):
        return condition(node)
    value_of, operation = prepared(node.operand), UNARY[type(node.op)]

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        m.node = node
        return m.native(operation, value)

    return evaluate


def condition(node: tree.AST) -> Evaluation:
    """The truth of an expression that is only asked for its truth."""
    if isinstance(node, tree.UnaryOp) and isinstance(node.op, tree.Not):
        inner = condition(node.operand)

        def negated(m: Machine) -> Any:
            truth = inner(m)
            if type(truth) is bool:
                return not truth
            m.node = node
            return operations.negate(m, truth)

        return negated
    if isinstance(node, tree.BoolOp):
        tests = list(map(condition, node.values))
        return _from_on(tests, isinstance(node.op, tree.And), node)
    value_of = prepared(node)

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        if type(value) is bool:
            return value
        m.node = node
        return operations.truth_of(m, value)

    return evaluate


def conditions(nodes: list[tree.AST]) -> Evaluation:
    """Whether all of them hold."""
    if len(nodes) == 1:
        return condition(nodes[0])
    return _from_on(list(map(condition, nodes)), True, nodes[0])


def _from_on(tests: list[Evaluation], is_and: bool, node: tree.AST) -> Evaluation:
    """The truth of `a and b and ...`, or of `a or b or ...`."""
    first, rest = tests[0], tests[1:]
    if not rest:
        return first
    others = _from_on(rest, is_and, node)

    def evaluate(m: Machine) -> Any:
        truth = first(m)
        if type(truth) is bool:
            return others(m) if truth is is_and else truth
        m.node = node
        if is_and:
            return regions.choose(m, truth, lambda: others(m), lambda: False)
        return regions.choose(m, truth, lambda: True, lambda: others(m))

    return evaluate


def boolean(node: tree.AST) -> Evaluation:
    return _boolean(list(map(prepared, node.values)), isinstance(node.op, tree.And), node)


def _boolean(values: list[Evaluation], is_and: bool, node: tree.AST) -> Evaluation:
    first, rest = values[0], values[1:]
    if not rest:
        return first
    others = _boolean(rest, is_and, node)

    def evaluate(m: Machine) -> Any:
        value = first(m)
        m.node = node
        truth = operations.truth_of(m, value)
        if type(truth) is bool:
            return others(m) if truth is is_and else value
        sides = (lambda: others(m)), (lambda: value)
        return regions.choose(m, truth, *(sides if is_and else sides[::-1]))

    return evaluate


def conditional(node: tree.AST) -> Evaluation:
    test, body, orelse = condition(node.test), prepared(node.body), prepared(node.orelse)

    def evaluate(m: Machine) -> Any:
        truth = test(m)
        if type(truth) is bool:
            return body(m) if truth else orelse(m)
        m.node = node
        return regions.choose(m, truth, lambda: body(m), lambda: orelse(m))

    return evaluate


def compare_(node: tree.AST) -> Evaluation:
    left_of = prepared(node.left)
    if len(node.ops) > 1:
        rest = _chain(node, list(zip(node.ops, map(prepared, node.comparators), strict=True)))
        return lambda m: rest(m, left_of(m))
    right_of, op = prepared(node.comparators[0]), node.ops[0]
    compare = _comparison(op)

    def evaluate(m: Machine) -> Any:
        left, right = left_of(m), right_of(m)
        m.node = node
        return compare(m, left, right)

    operation = COMPARE.get(type(op))
    if operation is None:
        return evaluate

    def plainly(m: Machine) -> Any:
        left, right = left_of(m), right_of(m)
        if type(left) in PLAIN and type(right) in PLAIN:
            try:
                return operation(left, right)
            except Exception:  # told below, with its place
                pass
        m.node = node
        return compare(m, left, right)

    constant = _plain_constant(node.comparators[0])

    def with_constant(m: Machine) -> Any:
        left = left_of(m)
        if type(left) in PLAIN:
            try:
                return operation(left, constant)
            except Exception:  # told below, with its place
                pass
        m.node = node
        return compare(m, left, constant)

    return plainly if constant is MISSING else with_constant


def _chain(
    node: tree.AST, links: list[tuple[tree.AST, Evaluation]]
) -> Callable[[Machine, Any], Any]:
    """`... < b < c`: a function of the first operand."""
    (op, right_of), *more = links
    compare = _comparison(op)
    rest = _chain(node, more) if more else None

    def evaluate(m: Machine, left: Any) -> Any:
        right = right_of(m)
        m.node = node
        value = compare(m, left, right)
        if rest is None:
            return value
        truth = operations.truth_of(m, value)
        if isinstance(truth, Then):
            return regions.choose(m, truth, lambda: rest(m, right), lambda: value)
        return rest(m, right) if truth else value

    return evaluate


def _comparison(op: tree.AST) -> Callable[[Machine, Any, Any], Any]:
    """What a comparison gives for two values."""
    match op:
        case tree.Is():
            return operations.identical
        case tree.IsNot():
            return lambda m, left, right: operations.negate(
                m, operations.identical(m, left, right))  # fmt: skip
        case tree.In():
            return lambda m, left, right: operations.contains(m, right, left)
        case tree.NotIn():
            return lambda m, left, right: operations.negate(
                m, operations.contains(m, right, left))  # fmt: skip
    name, operation = _names[type(op)], COMPARE[type(op)]

    def compare(m: Machine, left: Any, right: Any) -> Any:
        if is_run_time_list(left) or is_run_time_list(right):
            return m.native(operators.operate, m.backend.e, name, left, right)
        return m.native(operation, left, right)

    return compare


def subscript(node: tree.AST) -> Evaluation:
    value_of, key_of = prepared(node.value), prepared(node.slice)

    def evaluate(m: Machine) -> Any:
        value, key = value_of(m), key_of(m)
        m.node = node
        return operations.get_item(m, value, key)

    return evaluate


def slice_(node: tree.AST) -> Evaluation:
    parts = [None if part is None else prepared(part)
             for part in (node.lower, node.upper, node.step)]  # fmt: skip

    def evaluate(m: Machine) -> slice:
        start, stop, step = [None if part is None else part(m) for part in parts]
        if type(start) in _BOUNDS and type(stop) in _BOUNDS and type(step) in _BOUNDS:
            return slice(start, stop, step)
        m.node = node
        return slice(*(slice_bound(m, bound) for bound in (start, stop, step)))

    return evaluate


_BOUNDS = frozenset((int, type(None)))


def slice_bound(m: Machine, value: Any) -> Any:
    if isinstance(value, Array) and not value.dims:
        return m.native(tensors.to_number, m.backend.e, value)
    return value


def attribute(node: tree.AST) -> Evaluation:
    value_of, name = prepared(node.value), node.attr

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        m.node = node
        return attributes.get_attribute(m, value, name)

    return evaluate


def _lambda(m: Machine, node: tree.AST) -> Any:
    return calls.make_function(m, node, "<lambda>")


# -- calls


def call(node: tree.AST) -> Evaluation:
    if type(node.func) is tree.Attribute:
        return _call_of_method(node)
    callee_of, arguments, keywords = prepared(node.func), elements(node.args), _keywords(node)

    def evaluate(m: Machine) -> Any:
        callee = callee_of(m)
        given = arguments(m)
        named = keywords(m, callee) if keywords is not None else {}
        m.node = node
        call_it = calls.call_function if type(callee) is Function else calls.call_value
        value = call_it(m, callee, given, named)
        return operations.usable(m, value) if type(value) in CONDITIONAL else value

    return evaluate


def _keywords(node: tree.AST) -> Callable[[Machine, Any], dict[str, Any]] | None:
    """A call's keyword arguments: a function of the callee, which messages name."""
    if not node.keywords:
        return None
    parts = [(keyword.arg, prepared(keyword.value)) for keyword in node.keywords]
    if len(parts) == 1 and parts[0][0] is not None:
        ((name, value_of),) = parts
        return lambda m, callee: {name: value_of(m)}

    def evaluate(m: Machine, callee: Any) -> dict[str, Any]:
        keywords: dict[str, Any] = {}
        for name, value_of in parts:
            value = value_of(m)
            if name is not None:
                keywords[name] = value
            else:
                m.node = node
                _unpack_keywords(m, callee, value, keywords)
        return keywords

    return evaluate


def _unpack_keywords(m: Machine, callee: Any, value: Any, keywords: dict[str, Any]) -> None:
    """`**value` in a call."""
    name = getattr(callee, "_name", getattr(callee, "__qualname__", "function"))
    if not isinstance(value, dict) and attributes.find_attribute(m, value, "keys") is None:
        kind = type_name(value)
        message = f"{name}() argument after ** must be a mapping, not {kind}"
        raise m.raised(TypeError(message))
    for key in m.native(lambda: list(value.keys())):
        if key in keywords:
            raise m.raised(
                TypeError(f"{name}() got multiple values for keyword argument '{key}'")
            )
        keywords[key] = operations.get_item(m, value, key)


_TEXT_METHODS = """
    capitalize casefold center count endswith expandtabs find index isalnum isalpha isascii
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper ljust lower
    lstrip partition replace rfind rindex rjust rpartition rsplit rstrip split splitlines
    startswith strip swapcase title upper zfill
""".split()
"""Methods of str that look at nothing but texts and ints."""
_METHODS: dict[str, dict[type, Callable[..., Any]]] = {}
"""Methods that are called without further ado where the arguments allow it, by name and class."""
for _kind, _methods in (
    (str, _TEXT_METHODS),
    (List, "append clear copy count extend index insert pop remove reverse".split()),
    (Dict, "clear copy get items keys pop popitem setdefault update values".split()),
    (Set, "add clear discard pop remove".split()),
):
    for _method in _methods:
        _METHODS.setdefault(_method, {})[_kind] = getattr(_kind, _method)


def _call_of_method(node: tree.AST) -> Evaluation:
    function = node.func
    owner_of, name = prepared(function.value), function.attr
    arguments, keywords = elements(node.args), _keywords(node)
    methods = {} if keywords is not None else _METHODS.get(name, {})

    def evaluate(m: Machine) -> Any:
        owner = owner_of(m)
        method = methods.get(type(owner))
        if method is not None:
            given = arguments(m)
            m.node = node
            value = _call_plainly(m, method, owner, given)
            if value is not MISSING:
                return value
            named: dict[str, Any] = {}
            m.node = function
            callee = attributes.get_attribute(m, owner, name)
        else:
            m.node = function
            callee = lookups.method(owner, name)
            if callee is not None:
                given = (owner, *arguments(m))
                named = keywords(m, callee) if keywords is not None else {}
                m.node = node
                value = calls.call_function(m, callee, given, named)
                return operations.usable(m, value) if type(value) in CONDITIONAL else value
            callee = attributes.get_attribute(m, owner, name)
            given = arguments(m)
            named = keywords(m, callee) if keywords is not None else {}
        m.node = node
        value = calls.call_value(m, callee, given, named)
        return operations.usable(m, value) if type(value) in CONDITIONAL else value

    return evaluate


def _call_plainly(m: Machine, method: Callable[..., Any], owner: Any, given: tuple) -> Any:
    """What a method of a known text or container gives; MISSING where it goes the long way."""
    if type(owner) is str:
        for value in given:
            if type(value) not in PLAIN:
                return MISSING
        try:
            result = method(owner, *given)
        except Exception:  # told by the long way
            return MISSING
        return List(m.heap, result) if type(result) is list else result
    if type(owner) is List and owner.run_time is not None:
        return MISSING
    for value in given:
        kind = type(value)
        if kind is Union or (kind is List and value.run_time is not None):
            return MISSING
    try:
        result = method(owner, *given)
    except (Exception, SystemExit) as mistake:
        if isinstance(mistake, TypeError) and mistake.__traceback__.tb_next is None:
            return MISSING  # of the call itself: nothing has happened yet
        m.fail(mistake)
    return operations.usable(m, result) if type(result) in CONDITIONAL else result


# -- comprehensions


def list_comprehension(node: tree.AST) -> Evaluation:
    element = prepared(node.elt)

    def adding(m: Machine, result: List) -> Callable[[], None]:
        journals = m.heap.journals

        def add() -> None:
            value = element(m)
            if journals or result.run_time is not None:
                m.node = node
                result.append(value)
            else:
                list.append(result, value)

        return add

    return _comprehension(node, List, adding)


def set_comprehension(node: tree.AST) -> Evaluation:
    element = prepared(node.elt)

    def adding(m: Machine, result: Set) -> Callable[[], None]:
        def add() -> None:
            value = element(m)
            m.node = node
            m.native(result.add, value)

        return add

    return _comprehension(node, Set, adding)


def dict_comprehension(node: tree.AST) -> Evaluation:
    key_of, value_of = prepared(node.key), prepared(node.value)

    def adding(m: Machine, result: Dict) -> Callable[[], None]:
        journals = m.heap.journals

        def add() -> None:
            key, value = key_of(m), value_of(m)
            if type(key) in PLAIN and not journals:
                dict.__setitem__(result, key, value)
            else:
                m.node = node
                m.native(operations.put, result, key, value)

        return add

    return _comprehension(node, Dict, adding)


def _comprehension(
    node: tree.AST,
    make: Callable[[Any], Any],
    adding: Callable[[Machine, Any], Callable[[], None]],
) -> Evaluation:
    """adding: how what the innermost part gives gets into the result."""
    first, names = prepared(node.generators[0].iter), Names(target_names(node))
    run = parts_of(node.generators, node)

    def evaluate(m: Machine) -> Any:
        items = first(m)
        before, result = m.scope, make(m.heap)
        m.scope = Scope("comprehension", before, names, before.function)
        m.scope.values[".result"] = result  # where a loop finds it again
        try:
            run(m, items, adding(m, result))
        finally:
            m.scope = before
        return result

    return evaluate


def parts_of(
    generators: list[tree.AST], node: tree.AST
) -> Callable[[Machine, Any, Callable[[], None]], None]:
    """The `for` parts of a comprehension: a function of the first's items, and of the body."""
    generator, *inner = generators
    if generator.is_async:
        return _refuse_async
    tests = list(map(condition, generator.ifs))
    inner_items = prepared(inner[0].iter) if inner else None
    inner_parts = parts_of(inner, node) if inner else None

    def passing(m: Machine, body: Callable[[], None], at: int = 0) -> None:
        for number in range(at, len(tests)):
            truth = tests[number](m)
            if type(truth) is not bool:
                m.node = node
                rest = functools.partial(passing, m, body, number + 1)
                regions.choose(m, truth, rest, lambda: None)
                return
            if not truth:
                return
        if inner:
            inner_parts(m, inner_items(m), body)
        else:
            body()

    def run(m: Machine, items: Any, body: Callable[[], None]) -> None:
        step = (lambda: passing(m, body)) if tests or inner else body
        m.node = node
        loops.iterate(m, generator.target, items, step, generator)

    return run


def _refuse_async(m: Machine, items: Any, body: Callable[[], None]) -> None:
    raise m.error("async comprehensions are not supported")


def target_names(node: tree.AST) -> set[str]:
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
TABLE |= {
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
    tree.Lambda: each_time(_lambda),
    tree.Call: call,
    tree.ListComp: list_comprehension,
    tree.SetComp: set_comprehension,
    tree.DictComp: dict_comprehension,
}


def unsupported(what: str, hint: str | None) -> Prepare:
    """A construct that is outside the language."""

    def refuse(m: Machine, node: tree.AST) -> Any:
        raise m.error(f"{what} is not supported", hint)

    return each_time(refuse)


TABLE |= {
    tree.Await: unsupported("`await`", "write the function without async"),
    tree.Yield: unsupported("`yield`", "return a list instead of generating its items"),
    tree.YieldFrom: unsupported("`yield from`", "return a list instead of generating its items"),
    tree.Starred: unsupported("`*` here", None),
}
