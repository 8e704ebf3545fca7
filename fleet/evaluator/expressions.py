"""Expressions: each kind of node, evaluated to a value that is known now or then.

In: expression nodes. Out: values. The one idea: operators are Python's own, applied to whatever
the operands are; a run-time value's own methods build the IR. Only where Python looks at a truth
value or a subscript does the evaluator ask which kind it has before it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from fleet.evaluator.calls import Calls
from fleet.evaluator.scopes import Names, Scope
from fleet.evaluator.values import formats, numbers, operators, tensors, texts
from fleet.evaluator.values.heap import MISSING, Dict, List, Set
from fleet.evaluator.values.then import Array, Then, is_run_time_list
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


class Expressions(Calls):
    """Evaluates expression nodes."""

    def evaluate(self, node: tree.AST) -> Any:
        """The value of an expression."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise self.unsupported(node)
        before, self.node = self.node, node
        value = handler(self, node)
        self.node = before
        return value

    def unsupported(self, node: tree.AST) -> Exception:
        """The rejection of a construct that is outside the language."""
        what, hint = _UNSUPPORTED.get(type(node), (type(node).__name__, None))
        return self.error(f"{what} is not supported", hint, node)

    # -- names and literals

    def name(self, node: tree.AST) -> Any:
        try:
            value = self.scope.lookup(node.id)
        except NameError as error:
            raise self.raised(error) from None
        if value is MISSING:
            value = self.builtins.get(node.id, MISSING)
            if value is MISSING:
                raise self.raised(NameError(f"name '{node.id}' is not defined"))
        return self.usable(value)

    def constant(self, node: tree.AST) -> Any:
        if isinstance(node.value, complex):
            raise self.error("complex numbers are not supported")
        return node.value

    def tuple(self, node: tree.AST) -> tuple:
        return tuple(self.elements(node.elts))

    def list(self, node: tree.AST) -> List:
        return List(self.heap, self.elements(node.elts))

    def set(self, node: tree.AST) -> Set:
        return Set(self.heap, self.native(set, self.elements(node.elts)))

    def elements(self, nodes: list[tree.AST]) -> list[Any]:
        """The values of a display's or call's items, starred ones unpacked."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, tree.Starred):
                values += self.known_items(self.evaluate(node.value))
            else:
                values.append(self.evaluate(node))
        return values

    def dict(self, node: tree.AST) -> Dict:
        result: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self.native(result.update, self.evaluate(value))
            else:
                name = self.evaluate(key)
                self.native(result.__setitem__, name, self.evaluate(value))
        return Dict(self.heap, result)

    def joined_string(self, node: tree.AST) -> Any:
        parts: list[texts.Part] = []
        for piece in node.values:
            if isinstance(piece, tree.Constant):
                parts.append(piece.value)
                continue
            value = self.evaluate(piece.value)
            spec = self.joined_string(piece.format_spec) if piece.format_spec is not None else ""
            if isinstance(spec, Then):
                raise self.error("a format specification must be known at build time", node=piece)
            conversion = "" if piece.conversion == -1 else f"!{chr(piece.conversion)}"
            parts += self.native(texts.parts_of, value, conversion, spec)
        if all(isinstance(part, str) for part in parts):
            return "".join(parts)
        return self.native(texts.compose, self.backend.e, parts)

    def named(self, node: tree.AST) -> Any:
        value = self.evaluate(node.value)
        scope = self.scope
        while scope.kind == "comprehension":
            scope = scope.parent
        scope.assign(self.heap, node.target.id, value)
        return value

    # -- operators

    def binary(self, node: tree.AST) -> Any:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(node.op, tree.Mod) and isinstance(left, str) and texts.has_run_time(right):
            parts = self.native(formats.percent_parts, left, right)
            return self.native(texts.compose, self.backend.e, parts)
        if is_run_time_list(left) or is_run_time_list(right):
            return self.native(
                operators.operate, self.backend.e, _names[type(node.op)], left, right
            )
        return self.native(BINARY[type(node.op)], left, right)

    def unary(self, node: tree.AST) -> Any:
        if isinstance(node.op, tree.Not):
            return self.negate(self.condition(node.operand))
        value = self.evaluate(node.operand)
        return self.native(UNARY[type(node.op)], value)

    def negate(self, truth: Any) -> Any:
        return self.native(numbers.invert, self.backend.e, truth) if isinstance(
            truth, Then) else not truth  # fmt: skip

    def truth(self, value: Any) -> Any:
        """bool(value): a bool, or a run-time bool."""
        if isinstance(value, Then) or is_run_time_list(value):
            return self.native(operators.truth, self.backend.e, value)
        return self.native(bool, value)

    def condition(self, node: tree.AST) -> Any:
        """The truth of an expression that is only asked for its truth."""
        if isinstance(node, tree.UnaryOp) and isinstance(node.op, tree.Not):
            return self.negate(self.condition(node.operand))
        if isinstance(node, tree.BoolOp):
            return self._conditions(isinstance(node.op, tree.And), node.values)
        return self.truth(self.evaluate(node))

    def _conditions(self, is_and: bool, nodes: list[tree.AST]) -> Any:
        truth = self.condition(nodes[0])
        if len(nodes) == 1:
            return truth
        if not isinstance(truth, Then):
            return self._conditions(is_and, nodes[1:]) if truth is is_and else truth

        def rest() -> Any:
            return self._conditions(is_and, nodes[1:])

        if is_and:
            return self.choose(truth, rest, lambda: False)
        return self.choose(truth, lambda: True, rest)

    def boolean(self, node: tree.AST) -> Any:
        return self._boolean(isinstance(node.op, tree.And), node.values)

    def _boolean(self, is_and: bool, nodes: list[tree.AST]) -> Any:
        value = self.evaluate(nodes[0])
        if len(nodes) == 1:
            return value
        truth = self.truth(value)
        if not isinstance(truth, Then):
            return self._boolean(is_and, nodes[1:]) if truth is is_and else value

        def rest() -> Any:
            return self._boolean(is_and, nodes[1:])

        def short() -> Any:
            return value

        return self.choose(truth, rest, short) if is_and else self.choose(truth, short, rest)

    def conditional(self, node: tree.AST) -> Any:
        truth = self.condition(node.test)
        if isinstance(truth, Then):
            return self.choose(
                truth, lambda: self.evaluate(node.body), lambda: self.evaluate(node.orelse)
            )
        return self.evaluate(node.body if truth else node.orelse)

    def compare(self, node: tree.AST) -> Any:
        left = self.evaluate(node.left)
        return self._chain(left, list(zip(node.ops, node.comparators, strict=True)))

    def _chain(self, left: Any, rest: list[tuple[tree.AST, tree.AST]]) -> Any:
        (op, comparator), *more = rest
        right = self.evaluate(comparator)
        value = self.comparison(op, left, right)
        if not more:
            return value
        truth = self.truth(value)
        if isinstance(truth, Then):
            return self.choose(truth, lambda: self._chain(right, more), lambda: value)
        return self._chain(right, more) if truth else value

    def comparison(self, op: tree.AST, left: Any, right: Any) -> Any:
        match op:
            case tree.Is():
                return self.identical(left, right)
            case tree.IsNot():
                return self.negate(self.identical(left, right))
            case tree.In():
                return self.contains(right, left)
            case tree.NotIn():
                return self.negate(self.contains(right, left))
        if is_run_time_list(left) or is_run_time_list(right):
            return self.native(operators.operate, self.backend.e, _names[type(op)], left, right)
        return self.native(COMPARE[type(op)], left, right)

    def identical(self, left: Any, right: Any) -> Any:
        """`left is right`: True and False are the only bools, also at run time."""
        kinds = numbers.kind_of(left), numbers.kind_of(right)
        if kinds == ("bool", "bool"):
            return self.native(operator.eq, left, right)
        return left is right

    # -- subscripts and attributes

    def subscript(self, node: tree.AST) -> Any:
        value = self.evaluate(node.value)
        key = self.evaluate(node.slice)
        return self.get_item(value, key)

    def get_item(self, value: Any, key: Any) -> Any:
        """value[key]."""
        if isinstance(value, Then) or is_run_time_list(value) or _depends_on_run_time(key):
            if isinstance(value, Dict | Then | list | tuple | str | bytes | range):
                return self.usable(self.native(operators.get_item, self.backend.e, value, key))
            if isinstance(key, Array) and key.known is not None:
                key = key.known
        return self.usable(self.native(operator.getitem, value, key))

    def slice(self, node: tree.AST) -> slice:
        parts = (node.lower, node.upper, node.step)
        return slice(
            *(None if part is None else self.slice_bound(self.evaluate(part)) for part in parts)
        )

    def slice_bound(self, value: Any) -> Any:
        if isinstance(value, Array) and not value.dims:
            return self.native(tensors.to_number, self.backend.e, value)
        return value

    def attribute(self, node: tree.AST) -> Any:
        return self.get_attribute(self.evaluate(node.value), node.attr)

    # -- functions and calls

    def lambda_(self, node: tree.AST) -> Any:
        return self.make_function(node, "<lambda>")

    def call(self, node: tree.AST) -> Any:
        callee = self.evaluate(node.func)
        arguments = self.elements(node.args)
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
                continue
            for key in self.native(lambda value=value: list(value.keys())):
                if key in keywords:
                    name = getattr(callee, "__qualname__", "function")
                    raise self.raised(
                        TypeError(f"{name}() got multiple values for keyword argument '{key}'")
                    )
                keywords[key] = self.get_item(value, key)
        self.node = node
        return self.usable(self.call_value(callee, tuple(arguments), keywords))

    # -- comprehensions

    def list_comprehension(self, node: tree.AST) -> List:
        result = List(self.heap)

        def body() -> None:
            result.append(self.evaluate(node.elt))

        self._comprehend(node, body)
        return result

    def set_comprehension(self, node: tree.AST) -> Set:
        result = Set(self.heap)
        self._comprehend(node, lambda: self.native(result.add, self.evaluate(node.elt)))
        return result

    def dict_comprehension(self, node: tree.AST) -> Dict:
        result = Dict(self.heap)

        def body() -> None:
            key = self.evaluate(node.key)
            self.native(result.__setitem__, key, self.evaluate(node.value))

        self._comprehend(node, body)
        return result

    def generator(self, node: tree.AST) -> Iterator[Any]:
        """Evaluated at once: what it yields does not depend on when."""
        items = self.list_comprehension(node)
        return items if is_run_time_list(items) else iter(items)

    def _comprehend(self, node: tree.AST, body: Callable[[], None]) -> None:
        first = self.evaluate(node.generators[0].iter)
        targets = Names(_target_names(node))
        before = self.scope
        self.scope = Scope("comprehension", before, targets, before.function)
        try:
            self._generators(node.generators, first, body)
        finally:
            self.scope = before

    def _generators(self, generators: list[tree.AST], items: Any, body: Callable[[], None]) -> None:
        generator, *inner = generators
        if generator.is_async:
            raise self.error("async comprehensions are not supported")

        def step() -> None:
            self._filtered(generator.ifs, inner, body)

        self.iterate(generator.target, items, step)

    def _filtered(
        self, tests: list[tree.AST], inner: list[tree.AST], body: Callable[[], None]
    ) -> None:
        if tests:
            truth = self.condition(tests[0])
            if isinstance(truth, Then):
                self.choose(truth, lambda: self._filtered(tests[1:], inner, body), lambda: None)
            elif truth:
                self._filtered(tests[1:], inner, body)
        elif inner:
            self._generators(inner, self.evaluate(inner[0].iter), body)
        else:
            body()


def _target_names(node: tree.AST) -> set[str]:
    return {
        name.id
        for generator in node.generators
        for name in tree.walk(generator.target)
        if isinstance(name, tree.Name)
    }


def _depends_on_run_time(key: Any) -> bool:
    if isinstance(key, tuple):
        return any(map(_depends_on_run_time, key))
    return (
        isinstance(key, Then)
        or is_run_time_list(key)
        or (
            isinstance(key, slice)
            and any(isinstance(part, Then) for part in (key.start, key.stop, key.step))
        )
    )


_names = {
    tree.Add: "add", tree.Sub: "sub", tree.Mult: "mul", tree.Div: "truediv", tree.Mod: "mod",
    tree.FloorDiv: "floordiv", tree.Pow: "pow", tree.MatMult: "matmul", tree.LShift: "lshift",
    tree.RShift: "rshift", tree.BitAnd: "and", tree.BitOr: "or", tree.BitXor: "xor",
    tree.Eq: "eq", tree.NotEq: "ne", tree.Lt: "lt", tree.LtE: "le", tree.Gt: "gt", tree.GtE: "ge",
}  # fmt: skip
_HANDLERS: dict[type, Callable[[Expressions, Any], Any]] = {
    tree.Name: Expressions.name,
    tree.Constant: Expressions.constant,
    tree.Tuple: Expressions.tuple,
    tree.List: Expressions.list,
    tree.Set: Expressions.set,
    tree.Dict: Expressions.dict,
    tree.JoinedStr: Expressions.joined_string,
    tree.NamedExpr: Expressions.named,
    tree.BinOp: Expressions.binary,
    tree.UnaryOp: Expressions.unary,
    tree.BoolOp: Expressions.boolean,
    tree.IfExp: Expressions.conditional,
    tree.Compare: Expressions.compare,
    tree.Subscript: Expressions.subscript,
    tree.Slice: Expressions.slice,
    tree.Attribute: Expressions.attribute,
    tree.Lambda: Expressions.lambda_,
    tree.Call: Expressions.call,
    tree.ListComp: Expressions.list_comprehension,
    tree.SetComp: Expressions.set_comprehension,
    tree.DictComp: Expressions.dict_comprehension,
    tree.GeneratorExp: Expressions.generator,
}
_UNSUPPORTED = {
    tree.Await: ("`await`", "write the function without async"),
    tree.Yield: ("`yield`", "return a list instead of generating its items"),
    tree.YieldFrom: ("`yield from`", "return a list instead of generating its items"),
    tree.Starred: ("`*` here", None),
}
