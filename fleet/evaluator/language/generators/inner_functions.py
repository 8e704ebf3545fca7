"""Functions within generator functions that run time resumes: what they take from the generator.

In: the tree of a `def` in such a generator, and the names of the generator's variables. Out: the
same, with these variables in the frame. The one idea: the frame is one of the run's instances, so a
function that reads or writes the generator's variables needs no more than the frame around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import Any

from fleet.evaluator.language.generators.copies import (
    bound_by,
    mapped,
    mapped_comprehension,
    placed,
)
from fleet.evaluator.objects.functions import signature
from fleet.syntax import tree

Refuse = Callable[[tree.AST, str], Exception]


def own_nodes(node: tree.AST) -> Iterator[tree.AST]:
    """The nodes of a function, itself included, but for those of the functions within it."""
    yield node
    for part in tree.iter_child_nodes(node):
        if isinstance(part, tree.FunctionDef):
            yield part
        else:
            yield from own_nodes(part)


class Framed:
    """Functions whose names that a generator around them has are attributes of its frame.

    refuse: (node, what) -> the error for what is not supported.
    """

    def __init__(self, frame: str, refuse: Refuse) -> None:
        self.frame = frame
        self.refuse = refuse

    def function(
        self, node: tree.AST, names: Set[str], outside: Callable[[tree.AST], Any]
    ) -> tree.AST:
        """The function. outside: what is evaluated where it is defined (its defaults)."""
        free = names - signature(node).names.local

        def change(part: tree.AST) -> Any:
            return outside(part) if part is node.args else self._within(part, free)

        made = mapped(node, change)
        if isinstance(node, tree.FunctionDef):
            made.decorator_list = []
            made.body = made.body or [placed(tree.Pass(), node)]
        return made

    def statements(self, body: list[tree.AST], names: Set[str]) -> list[tree.AST]:
        """A function's own, with these of its variables in the frame."""
        made = [self._within(one, names) for one in body]
        return [part for one in made for part in (one if isinstance(one, list) else [one])]

    def _within(self, node: tree.AST, names: Set[str]) -> Any:
        def inside(part: tree.AST) -> Any:
            return self._within(part, names)

        match node:
            case tree.Name(id=name) if name in names:
                frame = placed(tree.Name(self.frame, tree.Load()), node)
                return placed(tree.Attribute(frame, f".{name}", node.ctx), node)
            case tree.Nonlocal():
                others = [name for name in node.names if name not in names]
                return [placed(tree.Nonlocal(others), node)] if others else []
            case tree.FunctionDef() | tree.Lambda():
                made = self.function(node, names, inside)
                if isinstance(node, tree.FunctionDef):
                    made.decorator_list = list(map(inside, node.decorator_list))
                return self._named(made, names)
            case tree.ListComp() | tree.SetComp() | tree.DictComp() | tree.GeneratorExp():
                return self._comprehension(node, names)
        if _binds_by_text(node, names):
            raise self.refuse(node, "this in a function")
        return mapped(node, inside)

    def _named(self, made: tree.AST, names: Set[str]) -> Any:
        """A definition, which is put into the frame if its name is there."""
        if not isinstance(made, tree.FunctionDef) or made.name not in names:
            return made
        frame = placed(tree.Name(self.frame, tree.Load()), made)
        target = placed(tree.Attribute(frame, f".{made.name}", tree.Store()), made)
        value = placed(tree.Name(made.name, tree.Load()), made)
        return [made, placed(tree.Assign([target], value, None), made)]

    def _comprehension(self, node: tree.AST, names: Set[str]) -> tree.AST:
        own = names - bound_by(node)
        return mapped_comprehension(
            node, lambda part: self._within(part, names), lambda part: self._within(part, own)
        )


def _binds_by_text(node: tree.AST, names: Set[str]) -> bool:
    """Whether a node gives one of these names a value, and has it as a text only."""
    match node:
        case tree.ExceptHandler() | tree.MatchAs() | tree.MatchStar():
            return node.name in names
        case tree.MatchMapping():
            return node.rest in names
        case tree.alias():
            return (node.asname or node.name.split(".")[0]) in names
        case tree.NamedExpr():
            return node.target.id in names
        case tree.ClassDef():
            return any(isinstance(one, tree.Name) and one.id in names for one in tree.walk(node))
    return False
