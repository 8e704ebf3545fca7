"""Operators: arithmetic, comparisons, truth and the ways that depend on it.

In: their nodes. Out: their evaluations. The one idea: operators are Python's own, applied to
whatever the operands are; a run-time value's own methods build the IR. Only where Python looks at a
truth value does the evaluator ask which kind it has before it. What is plain on both sides does not
go the long way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from fleet.evaluator.control import regions
from fleet.evaluator.language import comparing
from fleet.evaluator.objects import instance_reads, instances, operations, special_methods
from fleet.evaluator.objects.operations import PLAIN
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import Evaluation, prepared
from fleet.evaluator.values import classes, longs, numbers, objects, operators, percent, texts
from fleet.evaluator.values.heap import MISSING, SITED, Dict, List, Set
from fleet.evaluator.values.then import (
    Number,
    Object,
    Text,
    Then,
    Union,
    is_run_time_list,
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


_names = {
    tree.Add: "add", tree.Sub: "sub", tree.Mult: "mul", tree.Div: "truediv", tree.Mod: "mod",
    tree.FloorDiv: "floordiv", tree.Pow: "pow", tree.MatMult: "matmul", tree.LShift: "lshift",
    tree.RShift: "rshift", tree.BitAnd: "and", tree.BitOr: "or", tree.BitXor: "xor",
    tree.Eq: "eq", tree.NotEq: "ne", tree.Lt: "lt", tree.LtE: "le", tree.Gt: "gt", tree.GtE: "ge",
}  # fmt: skip


def _plain_constant(node: tree.AST) -> Any:
    """The value of a constant that is plain; MISSING for other nodes."""
    is_plain = type(node) is tree.Constant and type(node.value) in PLAIN
    return node.value if is_plain else MISSING


def binary(node: tree.AST) -> Evaluation:
    found = mask_of(node)
    if found is not None:
        return _masked(node, *found)
    left_of, right_of, operation = prepared(node.left), prepared(node.right), BINARY[type(node.op)]
    constant = _plain_constant(node.right)

    def evaluate(m: Machine) -> Any:
        left, right = left_of(m), right_of(m)
        if type(left) in PLAIN and type(right) in PLAIN:
            try:
                return operation(left, right)
            except Exception:  # told below, with its place
                pass
        return _beyond_plain(m, node, left, right)

    def with_constant(m: Machine) -> Any:
        left = left_of(m)
        if type(left) in PLAIN:
            try:
                return operation(left, constant)
            except Exception:  # told below, with its place
                pass
        return _beyond_plain(m, node, left, constant)

    return evaluate if constant is MISSING else with_constant


_TERMS = tree.Add, tree.Sub, tree.Mult, tree.LShift, tree.BitXor, tree.BitOr, tree.BitAnd
"""Operators whose lower bits need but the lower bits of their operands."""


def is_term(node: tree.AST) -> bool:
    """Whether it is one whose bits may be more than a mask leaves."""
    return isinstance(node, tree.BinOp) and isinstance(node.op, (*_TERMS, tree.RShift))


def is_mask(node: tree.AST) -> bool:
    """Whether it can be evaluated before what it masks: a name, or made of constants."""
    if isinstance(node, tree.Attribute):
        return isinstance(node.value, tree.Name)
    return isinstance(node, tree.Name) or _is_constant(node)


def _is_constant(node: tree.AST) -> bool:
    if isinstance(node, tree.BinOp):
        return _is_constant(node.left) and _is_constant(node.right)
    return isinstance(node, tree.Constant)


def mask_of(node: tree.BinOp) -> tuple[tree.AST, tree.AST] | None:
    """(term, mask) of `term & mask` and `term % mask`."""
    if isinstance(node.op, tree.BitAnd | tree.Mod):
        for term, mask in ((node.left, node.right), (node.right, node.left)):
            if is_term(term) and is_mask(mask) and (
                    term is node.left or isinstance(node.op, tree.BitAnd)):  # fmt: skip
                return term, mask
    return None


def drops(m: Machine, op: tree.AST, mask: Any) -> bool | None:
    """Whether `& mask` or `% mask` drops the upper bits; None where it is about no ints."""
    if m.backend.e is None or numbers.kind_of(mask) not in ("int", "bool"):
        return None
    is_and = isinstance(op, tree.BitAnd)
    if isinstance(mask, Number):
        return None if is_and else False
    return 0 < mask <= longs.HIGHEST and (is_and or mask & (mask - 1) == 0)


def next_mask(
    m: Machine, statement: tree.AST, target: tree.AST
) -> tuple[()] | tuple[tree.AST, tree.AST] | None:
    """(operator, mask) of the next statement, where it masks what this one assigns to a name or
    attribute; () where it does not, None where what follows is not known here.

    What comes in between is nothing but the mask.
    """
    present = m.following[-1] if m.following else None
    if present is None or statement not in present.statements[present.next - 1 : present.next]:
        return None  # of a function that goes straight through its body
    if present.next >= len(present.statements):
        return ()
    node = present.statements[present.next]
    match node:
        case tree.AugAssign(target=same, op=op, value=mask):
            pass
        case tree.Assign(targets=[same], value=tree.BinOp(left=left, op=op, right=mask)) if (
                type(left) is type(same) and _path(left) == _path(same)):  # fmt: skip
            pass
        case _:
            return ()
    path = _path(target)
    if not isinstance(op, tree.BitAnd | tree.Mod) or path is None or _path(same) != path or (
            not is_mask(mask)) or any(_path(part) == path for part in tree.walk(mask)):  # fmt: skip
        return ()
    return op, mask


def dropped_by(
    m: Machine, target: tree.AST, masking: tuple[()] | tuple[tree.AST, tree.AST] | None
) -> bool | None:
    """As drops, of what `next_mask` found."""
    if not masking:
        return None
    op, mask = masking
    found = drops(m, op, prepared(mask)(m))
    return False if found and isinstance(target, tree.Attribute) else found


def _path(node: tree.AST) -> tuple[str, ...] | None:
    """A name, or the attribute of one."""
    match node:
        case tree.Name():
            return (node.id,)
        case tree.Attribute(value=tree.Name(id=owner)):
            return owner, node.attr
    return None


def _masked(node: tree.AST, term: tree.AST, mask: tree.AST) -> Evaluation:
    """`term & mask` and `term % mask`: the term may have more bits than are left of it."""
    term_of, mask_now, operation = term_within(term), prepared(mask), BINARY[type(node.op)]

    def evaluate(m: Machine) -> Any:
        known = mask_now(m)
        width = drops(m, node.op, known)
        found = term_of(m, width)
        left, right = (found, known) if term is node.left else (known, found)
        if type(left) in PLAIN and type(right) in PLAIN:
            try:
                return operation(left, right)
            except Exception:  # told below, with its place
                pass
        return _beyond_plain(m, node, left, right)

    return evaluate


def term_within(node: tree.AST) -> Callable[[Machine, bool | None], Any]:
    """A part of what is masked: a function of whether its upper bits are dropped; None where it is
    no such term."""
    if not is_term(node):
        value_of = prepared(node)
        return lambda m, width: value_of(m)
    found = mask_of(node)
    masked = None if found is None else prepared(node)
    mask_now = None if found is None else prepared(found[1])
    left_of, operation, name = term_within(node.left), BINARY[type(node.op)], _names[type(node.op)]
    shifts = isinstance(node.op, tree.LShift | tree.RShift)
    count_of = prepared(node.right)
    right_of = (lambda m, width: count_of(m)) if shifts else term_within(node.right)
    exact = isinstance(node.op, tree.RShift)

    def evaluate(m: Machine, width: bool | None) -> Any:
        if masked is not None and not width and (width is None or drops(m, node.op, mask_now(m))):
            return masked(m)
        inner = False if exact and width else width
        left, right = left_of(m, inner), right_of(m, inner)
        if type(left) in PLAIN and type(right) in PLAIN:
            try:
                return operation(left, right)
            except Exception:  # told below, with its place
                pass
        if width is not None:
            return _within(m, node, name, left, right, inner)
        return _beyond_plain(m, node, left, right)

    return evaluate


def _within(
    m: Machine, node: tree.AST, name: str, left: Any, right: Any, wraps: bool | None
) -> Any:
    """An operation within a term that is masked, on each kind of number by itself."""
    if type(left) is Union:
        return m.language.split(m, left, lambda one: _within(m, node, name, one, right, wraps))
    if type(right) is Union:
        return m.language.split(m, right, lambda one: _within(m, node, name, left, one, wraps))
    m.node = node
    found = m.native(longs.within, m.backend.e, name, left, right, wraps)
    return _beyond_plain(m, node, left, right) if found is None else found


def _beyond_plain(m: Machine, node: tree.AST, left: Any, right: Any) -> Any:
    """An operation that Python's own operator on plain values does not answer."""
    m.node = node
    found = _binary(m, node, left, right)
    return settled(m, node, found) if type(found) in SITED else found


def _binary(m: Machine, node: tree.AST, left: Any, right: Any) -> Any:
    if type(left) is Union:
        return m.language.split(m, left, lambda one: _beyond_plain(m, node, one, right))
    if type(right) is Union:
        return m.language.split(m, right, lambda one: _beyond_plain(m, node, left, one))
    if isinstance(node.op, tree.Mod) and isinstance(left, str):
        right = _items_asked(m, left, right)
    if isinstance(node.op, tree.Mod) and isinstance(left, str) and isinstance(right, Object):
        return m.native(objects.operator, m.backend.e, "mod", left, right, gives="str")
    if isinstance(node.op, tree.Mod) and isinstance(left, bytes) and texts.has_run_time(right):
        return m.native(objects.operator, m.backend.e, "mod", left, right, gives="bytes")
    if isinstance(node.op, tree.Mod) and isinstance(left, str) and (
            texts.has_run_time(right) or texts.holds_instances((right,))):  # fmt: skip
        parts = m.native(percent.percent_parts, m.backend.e, left, right)
        return m.native(texts.compose, m.backend.e, parts)
    if isinstance(node.op, tree.Mult) and (_is_repeated(left) or _is_repeated(right)):
        left = left if _is_repeated(left) else _as_count(m, left, "__mul__")
        right = right if _is_repeated(right) else _as_count(m, right, "__rmul__")
    if is_run_time_list(left) or is_run_time_list(right):
        return m.native(
            operators.operate, m.backend.e, _names[type(node.op)], left, right
        )
    if _may_be_instances(m, left, right):
        return instances.operated(
            m, _names[type(node.op)], left, right,
            lambda: m.native(operators.operate, m.backend.e, _names[type(node.op)], left, right),
        )  # fmt: skip
    if isinstance(right, Object):  # before the methods of what is known now
        return m.native(operators.operate, m.backend.e, _names[type(node.op)], left, right)
    return m.native(BINARY[type(node.op)], left, right)


def _items_asked(m: Machine, template: str, value: Any) -> Any:
    """What a template with keys takes of an instance of the program's: a dictionary of these."""
    cls = value.kind if type(value) is Object else type(value)
    keys = percent.keys_of(template) if classes.is_made(cls) else []
    if not keys or not instance_reads.has_special(cls, "__getitem__"):
        return value
    return Dict(m.heap, {key: operations.get_item(m, value, key) for key in keys})


def _is_repeated(value: Any) -> bool:
    """Whether it is a text or a sequence, which an int repeats."""
    kind = value.kind if type(value) is Object else type(value)
    return kind in _REPEATED or is_run_time_list(value)


_REPEATED = frozenset((str, bytes, tuple, list, List, Text))


def _as_count(m: Machine, value: Any, method: str) -> Any:
    """What repeats a sequence: an instance of a class with `__index__` as that, unless it has a
    method for the operator."""
    cls = value.kind if type(value) is Object else type(value)
    if classes.is_made(cls):
        own = instance_reads.has_special(cls, method) and not classes.by_content(cls, method)
        return value if own else special_methods.as_index(m, value)
    if type(value) is Object and cls is None and not instance_reads.classes_with(m, method):
        return special_methods.as_index(m, value)
    return value


def _may_be_instances(m: Machine, left: Any, right: Any) -> bool:
    """Whether only run time knows if a method of the program's is asked, or what that gives."""
    if isinstance(left, Object) or isinstance(right, Object):
        made = classes.is_made(type(left)) or classes.is_made(type(right))
        return made or bool(m.policy.instances)
    return False


def unary(node: tree.AST) -> Evaluation:
    if isinstance(node.op, tree.Not):
        return condition(node)
    value_of, operation = prepared(node.operand), UNARY[type(node.op)]
    method = f"__{operation.__name__.strip('_')}__"

    def evaluate(m: Machine) -> Any:
        value = value_of(m)
        m.node = node
        if type(value) is Object and m.policy.instances:
            return instances.special(m, value, method, (), lambda: m.native(operation, value))
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
    compare = comparison(op)

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
    compare = comparison(op)
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


def _compare_instances(m: Machine, name: str, left: Any, right: Any) -> Any:
    """A comparison with what may be an instance of a class of the program's."""
    def plainly(name: str) -> Any:
        return m.native(operators.operate, m.backend.e, name, left, right)

    if name == "ne":
        same = instances.operated(m, "eq", left, right, lambda: plainly("eq"))
        return operations.negate(m, operations.truth_of(m, same))
    return instances.operated(m, name, left, right, lambda: plainly(name))


def comparison(op: tree.AST) -> Callable[[Machine, Any, Any], Any]:
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
    own = f"__{name}__"

    def compare(m: Machine, left: Any, right: Any) -> Any:
        if type(left) is Union:
            return m.language.split(m, left, lambda one: compare(m, one, right))
        if type(right) is Union:
            return m.language.split(m, right, lambda one: compare(m, left, one))
        if comparing.are_displays(left, right):
            found = comparing.of_displays(m, name, left, right, equal)
            if found is not None:
                return found
        if m.policy.instances and (isinstance(left, Object) or isinstance(right, Object)):
            return _compare_instances(m, name, left, right)
        if is_run_time_list(left) or is_run_time_list(right) or (
                isinstance(right, Object) and not classes.defines(type(left), own)) or (
                type(left) in _BUILTIN and isinstance(right, Number | Text)):  # fmt: skip
            return m.native(operators.operate, m.backend.e, name, left, right)
        return special_methods.compare(m, name, operation, left, right)

    return compare


_BUILTIN = frozenset((*_REPEATED, dict, set, frozenset, Dict, Set, type(None)))
"""Types whose methods leave comparisons with what run time knows to that."""

equal = comparison(tree.Eq())
"""`==` of two values."""
