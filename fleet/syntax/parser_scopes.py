"""Names and the scopes that own them: the rules of `global`, `nonlocal`, parameters and `:=`.

In: a tree. Out: nothing, or a FleetError where a name is declared or bound against the rules. The
one idea: CPython's symbol table, in small. Every scope keeps a set of marks for each name, in the
order in which CPython visits the tree, because "used before its global declaration" depends on it.
(Python Language Reference 4.2 and 7.12 to 7.13; PEP 572.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from fleet.syntax import tree
from fleet.syntax.parser_checks import has_future_annotations, parameters, reject
from fleet.syntax.private import mangled
from fleet.syntax.visitor import Visitor


class Mark:
    """What a scope does with a name: bits of a plain int, of which every name of a program costs a
    few operations, and those of `enum.Flag` are twenty times as slow."""

    USED = 1
    BOUND = 2
    PARAMETER = 4
    IMPORTED = 8
    ANNOTATED = 16
    GLOBAL = 32
    NONLOCAL = 64
    ITERATION = 128


_NONE = 0
_DECLARED = Mark.GLOBAL | Mark.NONLOCAL
_LOCAL = Mark.BOUND | Mark.PARAMETER | Mark.IMPORTED
_EARLIER = (
    (Mark.PARAMETER, "is a parameter"),
    (Mark.USED, "is used before it is declared"),
    (Mark.ANNOTATED, "is annotated before it is declared"),
    (Mark.BOUND, "is assigned before it is declared"),
)


@dataclass
class Scope:
    """One scope: a module, class, function (lambdas too), comprehension or annotation.

    iterables: how many comprehension iterables surround the current node.
    targets:   whether the current node is a comprehension's target.
    """

    kind: str
    parent: Scope | None = None
    class_name: str | None = None
    marks: dict[str, int] = field(default_factory=dict)
    places: dict[str, tree.AST] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)
    iterables: int = 0
    targets: bool = False


def check_scopes(root: tree.AST) -> None:
    """Rejects names declared or bound against the rules. Raises FleetError."""
    table = _Table(has_future_annotations(root))
    table.visit(root)
    _check_nonlocals(table.scope)


class _Table(Visitor):
    """A walk over the tree. The methods named `visit_X` enter the names of nodes of class X."""

    def __init__(self, future_annotations: bool) -> None:
        self.scope = Scope("module")
        self.future_annotations = future_annotations

    def enter(self, kind: str, class_name: str | None = None) -> None:
        outer = self.scope
        self.scope = Scope(kind, outer, class_name or outer.class_name, iterables=outer.iterables)
        outer.children.append(self.scope)

    def leave(self) -> None:
        self.scope = self.scope.parent

    def mangled(self, name: str) -> str:
        """A private name in a class has the class's name put before it."""
        owner = self.scope.class_name
        return name if owner is None else mangled(owner, name)

    def add(self, name: str, mark: int, node: tree.AST, scope: Scope | None = None) -> None:
        """Marks a name in a scope, the current one unless given."""
        name = self.mangled(name)
        scope = scope or self.scope
        marks = scope.marks.get(name, _NONE)
        if marks & mark & Mark.PARAMETER:
            reject(node, f"two parameters are called '{name}'", "choose another name for one")
        if scope.targets:
            if marks & _DECLARED:
                reject(node, f"'{name}' is assigned by ':=' and cannot be a loop's target here",
                       "choose another name for one")
            mark |= Mark.ITERATION
        scope.marks[name] = marks | mark

    # Scopes

    def visit_FunctionDef(self, node: tree.AST) -> None:
        self.add(node.name, Mark.BOUND, node)
        self.visit_all(node.args.defaults)
        self.visit_all(node.args.kw_defaults)
        self.visit_annotations([arg.annotation for arg in parameters(node.args)] + [node.returns])
        self.visit_all(node.decorator_list)
        self.function_body(node.args, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: tree.AST) -> None:
        self.visit_all(node.args.defaults)
        self.visit_all(node.args.kw_defaults)
        self.function_body(node.args, [node.body])

    def function_body(self, args: tree.AST, body: list[tree.AST]) -> None:
        self.enter("function")
        for arg in parameters(args):
            self.add(arg.arg, Mark.PARAMETER, arg)
        self.visit_all(body)
        self.leave()

    def visit_ClassDef(self, node: tree.AST) -> None:
        self.add(node.name, Mark.BOUND, node)
        self.visit_all([*node.bases, *node.keywords, *node.decorator_list])
        self.enter("class", node.name)
        self.visit_all(node.body)
        self.leave()

    def visit_annotations(self, annotations: Iterable[tree.AST | None]) -> None:
        for annotation in annotations:
            if annotation is None:
                continue
            if self.future_annotations:
                self.enter("annotation")
            self.visit(annotation)
            if self.future_annotations:
                self.leave()

    def visit_comprehension_expression(self, node: tree.AST) -> None:
        first, *rest = node.generators
        self.visit_iterable(first.iter)
        self.enter("comprehension")
        self.visit_target(first.target)
        self.visit_all([*first.ifs, *rest])
        if isinstance(node, tree.DictComp):
            self.visit_all([node.value, node.key])
        else:
            self.visit(node.elt)
        self.leave()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = (
        visit_comprehension_expression
    )

    def visit_comprehension(self, node: tree.AST) -> None:
        self.visit_target(node.target)
        self.visit_iterable(node.iter)
        self.visit_all(node.ifs)

    def visit_target(self, target: tree.AST) -> None:
        self.scope.targets = True
        self.visit(target)
        self.scope.targets = False

    def visit_iterable(self, iterable: tree.AST) -> None:
        self.scope.iterables += 1
        self.visit(iterable)
        self.scope.iterables -= 1

    # Names

    def visit_Name(self, node: tree.AST) -> None:
        used = isinstance(node.ctx, tree.Load)
        self.add(node.id, Mark.USED if used else Mark.BOUND, node)

    def visit_NamedExpr(self, node: tree.AST) -> None:
        self.reject_in_annotation(node, "':='")
        if self.scope.iterables:
            reject(node, "':=' cannot stand in what a comprehension loops over",
                   "assign before the comprehension")
        if self.scope.kind == "comprehension":
            self.bind_outside_comprehension(node.target)
        self.visit_all([node.value, node.target])

    def bind_outside_comprehension(self, target: tree.AST) -> None:
        """The target of ':=' in a comprehension belongs to the function or module around it."""
        name = self.mangled(target.id)
        scope: Scope | None = self.scope
        while scope is not None:
            marks = scope.marks.get(name, _NONE)
            if scope.kind == "comprehension":
                if marks & Mark.ITERATION:
                    reject(target, f"'{name}' is a loop's target and cannot be assigned by ':='",
                           "choose another name")
            elif scope.kind == "function":
                is_global = bool(marks & Mark.GLOBAL)
                self.add(target.id, Mark.GLOBAL if is_global else Mark.NONLOCAL, target)
                self.scope.places.setdefault(name, target)
                self.add(target.id, Mark.BOUND, target, scope)
                return
            elif scope.kind == "module":
                self.add(target.id, Mark.GLOBAL, target)
                self.add(target.id, Mark.GLOBAL, target, scope)
                return
            elif scope.kind == "class":
                reject(target, "':=' in a comprehension cannot assign a class's attribute",
                       "assign before the comprehension, or use a loop")
            scope = scope.parent

    def visit_Yield(self, node: tree.AST) -> None:
        self.reject_in_annotation(node, "'yield'")
        if self.scope.kind == "comprehension":
            reject(node, "'yield' cannot stand in a comprehension", "write the loop as statements")
        self.visit_all([node.value])

    visit_YieldFrom = visit_Yield

    def visit_Await(self, node: tree.AST) -> None:
        self.reject_in_annotation(node, "'await'")
        self.visit(node.value)

    def reject_in_annotation(self, node: tree.AST, what: str) -> None:
        if self.scope.kind == "annotation":
            reject(node, f"{what} cannot stand in an annotation",
                   "an annotation is not evaluated here")

    # Statements that bind or declare

    def visit_Global(self, node: tree.AST) -> None:
        word = "global" if isinstance(node, tree.Global) else "nonlocal"
        mark = Mark.GLOBAL if word == "global" else Mark.NONLOCAL
        for name in node.names:
            marks = self.scope.marks.get(self.mangled(name), _NONE)
            for earlier, words in _EARLIER:
                if marks & earlier:
                    reject(node, f"'{name}' {words} {word}",
                           f"put `{word} {name}` first in the function, or use another name")
            self.add(name, mark, node)
            self.scope.places[self.mangled(name)] = node

    visit_Nonlocal = visit_Global

    def visit_AnnAssign(self, node: tree.AST) -> None:
        match node.target:
            case tree.Name(name):
                marks = self.scope.marks.get(self.mangled(name), _NONE)
                if marks & _DECLARED and self.scope.kind != "module" and node.simple:
                    word = "global" if marks & Mark.GLOBAL else "nonlocal"
                    reject(node.target, f"'{name}' is {word} and cannot be annotated here",
                           "annotate it where it is first assigned")
                if node.simple:
                    self.add(name, Mark.ANNOTATED | Mark.BOUND, node)
                elif node.value:
                    self.add(name, Mark.BOUND, node)
            case target:
                self.visit(target)
        self.visit_annotations([node.annotation])
        self.visit_all([node.value])

    def visit_Import(self, node: tree.AST) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            if name != "*":
                self.add(name, Mark.IMPORTED, alias)
            elif self.scope.kind != "module":
                reject(alias, "'import *' stands outside of functions and classes only",
                       "import the names that are needed")

    visit_ImportFrom = visit_Import

    def visit_Try(self, node: tree.AST) -> None:
        self.visit_all([*node.body, *node.orelse, *node.handlers, *node.finalbody])

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: tree.AST) -> None:
        self.visit_all([node.type])
        if node.name:
            self.add(node.name, Mark.BOUND, node)
        self.visit_all(node.body)

    def visit_MatchAs(self, node: tree.AST) -> None:
        self.visit_all([node.pattern])
        self.visit_MatchStar(node)

    def visit_MatchStar(self, node: tree.AST) -> None:
        if node.name:
            self.add(node.name, Mark.BOUND, node)

    def visit_MatchMapping(self, node: tree.AST) -> None:
        self.visit_all([*node.keys, *node.patterns])
        if node.rest:
            self.add(node.rest, Mark.BOUND, node)


def _check_nonlocals(scope: Scope) -> None:
    """Rejects `nonlocal` names that no function around binds."""
    for name, marks in scope.marks.items():
        if not marks & Mark.NONLOCAL:
            continue
        if marks & Mark.GLOBAL:
            reject(scope.places[name], f"'{name}' is declared both nonlocal and global",
                   "remove one of the declarations")
        if scope.kind == "module":
            reject(scope.places[name], "'nonlocal' stands outside of any function",
                   "remove it: names here are global")
        if not _is_bound_around(scope, name):
            reject(scope.places[name], f"no function around this one binds '{name}'",
                   "use `global` for a variable of the module, or assign it in the function")
    for child in scope.children:
        _check_nonlocals(child)


def _is_bound_around(scope: Scope, name: str) -> bool:
    """Whether a function around this scope binds the name, so that `nonlocal` may mean it."""
    around = scope.parent
    while around is not None:
        marks = around.marks.get(name, _NONE)
        if marks & Mark.GLOBAL:
            return False
        if around.kind in ("function", "comprehension"):
            if marks & _LOCAL and not marks & Mark.NONLOCAL:
                return True
        elif around.kind == "class" and name == "__class__":
            return True
        around = around.parent
    return False
