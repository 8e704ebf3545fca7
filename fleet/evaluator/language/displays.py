"""Constants, displays of tuples, lists, sets and dicts, and f-strings.

In: their nodes. Out: their evaluations. The one idea: what is built is an object of ours, whose
writes are recorded; text with run-time parts is put together by `texts`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.evaluator.objects import attributes, instances, operations
from fleet.evaluator.objects.operations import PLAIN
from fleet.evaluator.state.machine import Machine
from fleet.evaluator.state.outgrown import settled
from fleet.evaluator.state.prepared import Evaluation, in_order, prepared
from fleet.evaluator.values import objects, texts
from fleet.evaluator.values.heap import Dict, List, Needed, Set, is_late
from fleet.evaluator.values.then import (
    Object,
    Spread,
    Then,
    Union,
    type_name,
)
from fleet.syntax import tree


def constant(node: tree.AST) -> Evaluation:
    value = node.value
    return lambda m: value


def tuple_(node: tree.AST) -> Evaluation:
    items = elements(node.elts)
    if not _has_star(node):
        return items

    def evaluate(m: Machine) -> Any:
        found = items(m)
        if Spread in map(type, found):
            return m.native(_spread, m, "tuple", found, node)
        return found

    return evaluate


def list_(node: tree.AST) -> Evaluation:
    items = elements(node.elts)

    def evaluate(m: Machine) -> Any:
        found = items(m)
        if Spread in map(type, found):
            return m.native(_spread, m, "list", found, node)
        return settled(m, node, List(m.heap, found))

    return evaluate if _has_star(node) else lambda m: settled(m, node, List(m.heap, items(m)))


def _has_star(node: tree.AST) -> bool:
    return any(type(item) is tree.Starred for item in node.elts)


def _spread(m: Machine, form: str, items: tuple, node: tree.AST) -> Any:
    """A display with `*value` of which only run time knows how many they are."""
    e = m.backend.e
    made = objects.build(e, "list", ())
    made.site = id(node)
    for item in items:
        name, given = ("extend", item.value) if type(item) is Spread else ("append", item)
        objects.method(e, made, name, [given], {})
    return made if form == "list" else objects.function(e, form, [made], _SPREAD[form])


_SPREAD = {"tuple": tuple, "set": set}


def set_(node: tree.AST) -> Evaluation:
    items = elements(node.elts)
    given = "'%' object is not iterable"

    def evaluate(m: Machine) -> Set:
        found = items(m, given) if _has_star(node) else items(m)
        m.node = node
        if Spread in map(type, found):
            return m.native(_spread, m, "set", found, node)
        if any(map(is_late, found)):
            return m.native(objects.build, m.backend.e, "set", found)
        try:
            made = m.native(set, found)
        except Needed:
            return m.native(objects.build, m.backend.e, "set", found)
        return settled(m, node, Set(m.heap, made))

    return evaluate


AFTER_STAR = "{} after * must be an iterable, not %"
"""% is where the type stands."""


def elements(nodes: list[tree.AST]) -> Callable[..., tuple]:
    """The values of a display's or call's items, starred ones unpacked.

    What is given takes the machine, and what to say where a star stands before no iterable.
    """
    if all(type(node) is tree.Constant and type(node.value) in PLAIN for node in nodes):
        constants = tuple(node.value for node in nodes)
        return lambda m: constants
    if not any(type(node) is tree.Starred for node in nodes):
        return in_order(nodes)

    def evaluate(m: Machine, message: str = AFTER_STAR.format("Value")) -> tuple:
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, tree.Starred):
                items = prepared(node.value)(m)
                m.node = node
                if type(items) is Union:
                    items = m.language.call_value(m, m.builtins["list"], (items,), {})
                operations.require_iterable(m, items, message)
                items = operations.whole(m.language.walked(m, items))
                lists = None if m.backend.e is None else m.backend.e.array_lists
                count = 0 if lists is None else lists.tuples.length(items)
                if count:  # which of the arguments are arrays is known by their places
                    values += m.native(objects.unpack, m.backend.e, items, count)
                    continue
                if type(items) is Union:
                    values += _of_union(m, items)
                    continue
                late = operations.counted_then(m, items)
                values += [Spread(late)] if late is not None else operations.known_items(m, items)
            else:
                values.append(prepared(node)(m))
        return tuple(values)

    return evaluate


def _of_union(m: Machine, items: Union) -> list[Any]:
    """What `*items` gives of one of several lists: item by item, if all are as long."""
    found = list(items.choices.values())
    plain = all(type(one) is List and one.run_time is None for one in found)
    lengths = {len(one) for one in found} if plain else set()
    if len(lengths) != 1:
        return [Spread(m.native(objects.box, m.backend.e, items, False))]
    return [m.language.split(m, items, lambda one, at=at: list.__getitem__(one, at))
            for at in range(*lengths)]  # fmt: skip


def dict_(node: tree.AST) -> Evaluation:
    pairs = [(None if key is None else prepared(key), prepared(value))
             for key, value in zip(node.keys, node.values, strict=True)]  # fmt: skip

    def evaluate(m: Machine) -> Dict:
        result: Any = {}
        for key_of, value_of in pairs:
            if key_of is None:
                more = value_of(m)
                m.node = node
                more = instances.as_builtin(m, more, True)
                if isinstance(more, Object) and type(result) is dict:
                    result = m.native(objects.make, m.backend.e, result)
                result = _updated(m, result, more)
                continue
            key, value = key_of(m), value_of(m)
            if type(key) in PLAIN and type(result) is dict:
                result[key] = value
                continue
            m.node = node
            if is_late(key) and type(result) is dict:
                result = m.native(objects.make, m.backend.e, result)
            if type(result) is dict:
                try:
                    m.native(operations.put, result, key, value)
                    continue
                except Needed:
                    result = m.native(objects.make, m.backend.e, result)
            operations.set_item(m, result, key, value)
        return result if isinstance(result, Object) else settled(m, node, Dict(m.heap, result))

    return evaluate


def as_mapping(m: Machine, value: Any, message: str) -> Any:
    """What stands after `**`. message: what to say where that is no mapping, as in AFTER_STAR."""
    if isinstance(value, Object):
        return value if objects.is_mapping(value) else m.native(
            objects.function, m.backend.e, "mapping_given", [value, message], dict)
    if not isinstance(value, dict) and attributes.find_attribute(m, value, "keys") is None:
        raise m.raised(TypeError(message.replace("%", type_name(value))))
    return value


def _updated(m: Machine, result: Any, more: Any) -> Any:
    """A display's dict after `**more`."""
    more = as_mapping(m, more, "'%' object is not a mapping")
    if type(result) is dict:
        m.native(result.update, more)
    else:
        m.native(objects.method, m.backend.e, result, "update", [more], {})
    return result


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
            return m.native(texts.specified, m.backend.e, value, conversion, spec)
        return m.native(texts.parts_of, value, conversion, spec)

    return evaluate
