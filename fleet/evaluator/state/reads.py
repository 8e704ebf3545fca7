"""Where names are read: whether a value that only one path gives a name can be seen later.

In: a program's tree. Out: for a statement, whether a name is read outside of it, or by a later
iteration of a loop around it. The one idea: a name that an iteration surely assigns before it reads
it has nothing from the iteration before (definite assignment, as the Java language defines it).
"""

from __future__ import annotations

from collections.abc import Iterator

from fleet.evaluator.state.scopes import free_names
from fleet.syntax import tree

_LOOPS = (tree.For, tree.While)
_DEFERRING = (tree.FunctionDef, tree.Lambda, tree.GeneratorExp)
_STATEMENTS = (tree.For, tree.While, tree.If, tree.Try, tree.With, tree.Match)


class Reads:
    """Where the names of a tree are read: positions in a walk of it."""

    def __init__(self, root: tree.AST) -> None:
        self.spans: dict[int, tuple[int, int]] = {}
        self.names: dict[str, list[int]] = {}
        self.around: dict[int, tuple[tree.AST, ...]] = {}
        """The loops around a statement, by the id of its node."""
        self.deferred: set[str] = set()
        """What functions and generators within statements read, whenever they are called."""
        waiting: list[tuple[tree.AST, int | None]] = [(root, None)]
        loops: list[tree.AST] = []
        count = within = 0
        while waiting:
            node, began = waiting.pop()
            if began is not None:
                self.spans[id(node)] = began, count
                within -= 1
                if isinstance(node, _LOOPS):
                    loops.pop()
                continue
            if isinstance(node, tree.Name) and isinstance(node.ctx, tree.Load):
                self.names.setdefault(node.id, []).append(count)
            if within and isinstance(node, _DEFERRING):
                self.deferred |= free_names(node)
            if isinstance(node, _STATEMENTS):
                within += 1
                waiting.append((node, count))
                self.around[id(node)] = tuple(loops)
                if isinstance(node, _LOOPS):
                    loops.append(node)
            count += 1
            waiting += [(child, None) for child in reversed(list(tree.iter_child_nodes(node)))]

    def later(self, name: str, node: tree.AST) -> bool:
        """Whether a name is read before or after a statement, or when it is executed again."""
        places = self.names.get(name)
        if not places:
            return False
        if name in self.deferred:
            return True
        if id(node) not in self.spans:  # of a body that was cut up, and is in no file
            return True
        first, end = self.spans[id(node)]
        if places[0] < first or places[-1] >= end:
            return True
        return any(name in exposed(loop) for loop in self.around[id(node)])

    def after_iteration(self, name: str, loop: tree.AST) -> bool:
        """Whether a name is read by the next iteration of a loop, or after it."""
        return name in exposed(loop) or self.later(name, loop)


def reads_in(root: tree.AST) -> Reads:
    """Those of a whole tree, found once."""
    try:
        return root.facts
    except AttributeError:
        found = root.facts = Reads(root)
        return found


def after_body(statement: tree.AST) -> frozenset[str]:
    """The names that a `try` reads in its handlers, `else` and `finally`; found once."""
    try:
        return statement.facts
    except AttributeError:
        parts = [*getattr(statement, "handlers", ()), *getattr(statement, "orelse", ()),
                 *getattr(statement, "finalbody", ())]  # fmt: skip
        names = (loaded(part) for part in parts)
        found = statement.facts = frozenset().union(*names)
        return found


def exposed(loop: tree.AST) -> frozenset[str]:
    """The names that an iteration may read before it has assigned them; found once."""
    try:
        return loop.facts
    except AttributeError:
        found = loop.facts = _exposed(loop)
        return found


def _exposed(loop: tree.AST) -> frozenset[str]:
    found: set[str] = set()
    assigned: set[str] = set()
    if isinstance(loop, tree.For):
        assigned |= _stored(loop.target)
    else:
        found |= loaded(loop.test)
        assigned |= given_by(loop.test)
    _statements(loop.body, assigned, found)
    return frozenset(found)


def _statements(body: list[tree.AST], assigned: set[str], found: set[str]) -> bool:
    """Walk statements: what they read too early, and assign. Whether they surely leave."""
    for node in body:
        match node:
            case tree.If():
                found |= loaded(node.test) - assigned
                assigned |= given_by(node.test)
                sides = set(assigned), set(assigned)
                parts = zip((node.body, node.orelse), sides, strict=True)
                alive = [side for part, side in parts if not _statements(part, side, found)]
                if not alive:
                    return True
                assigned |= set.intersection(*alive)
            case tree.For() | tree.While():
                head = node.iter if isinstance(node, tree.For) else node.test
                found |= loaded(head) - assigned
                assigned |= given_by(head)
                inside = assigned | (_stored(node.target) if isinstance(node, tree.For) else set())
                _statements(node.body, inside, found)
                _statements(node.orelse, set(assigned), found)
            case tree.With():
                for item in node.items:
                    found |= loaded(item.context_expr) - assigned
                    if item.optional_vars is not None:
                        assigned |= _stored(item.optional_vars)
                if _statements(node.body, assigned, found):
                    return True
            case tree.Match():
                if _match(node, assigned, found):
                    return True
            case tree.Try():
                if _try(node, assigned, found):
                    return True
            case tree.FunctionDef() | tree.ClassDef():
                found |= loaded(node) - assigned
                assigned.add(node.name)
            case tree.AugAssign():
                found |= (loaded(node) | _stored(node.target)) - assigned
            case _:
                found |= loaded(node) - assigned
                assigned |= _stored(node)
                if isinstance(node, tree.Return | tree.Break | tree.Continue | tree.Raise):
                    return True
    return False


def _match(node: tree.AST, assigned: set[str], found: set[str]) -> bool:
    found |= loaded(node.subject) - assigned
    sides = []
    for case in node.cases:
        side = assigned | captured(case.pattern)
        found |= loaded(case.pattern) - assigned
        found |= (loaded(case.guard) if case.guard is not None else set()) - side
        if not _statements(case.body, side, found):
            sides.append(side)
    last = node.cases[-1]
    if last.guard is not None or not is_capture(last.pattern):
        sides.append(set(assigned))
    if sides:
        assigned |= set.intersection(*sides)
    return not sides


def is_capture(pattern: tree.AST) -> bool:
    """Whether a pattern is for anything: a name, or `_`."""
    return isinstance(pattern, tree.MatchAs) and pattern.pattern is None


def captured(pattern: tree.AST) -> set[str]:
    """The names to which a pattern gives values."""
    nodes = list(tree.walk(pattern))
    names = {getattr(node, name, None) for node in nodes for name in ("name", "rest")}
    return names - {None}


def _try(node: tree.AST, assigned: set[str], found: set[str]) -> bool:
    body = set(assigned)
    gone = _statements(node.body, body, found) or _statements(node.orelse, body, found)
    sides = [] if gone else [body]
    for handler in node.handlers:
        side = set(assigned)
        found |= (loaded(handler.type) if handler.type is not None else set()) - assigned
        if handler.name is not None:
            side.add(handler.name)
        if not _statements(handler.body, side, found):
            sides.append(side - {handler.name})
    last = set(assigned)
    gone = _statements(node.finalbody, last, found) or not sides
    if not gone:
        assigned |= last | set.intersection(*sides)
    return gone


def given_by(condition: tree.AST) -> set[str]:
    """The names that a condition, however it turns out, gives values."""
    match condition:
        case tree.NamedExpr():
            return {condition.target.id} | given_by(condition.value)
        case tree.UnaryOp():
            return given_by(condition.operand)
        case tree.BinOp():
            return given_by(condition.left) | given_by(condition.right)
        case tree.BoolOp():
            return given_by(condition.values[0])
        case tree.Compare():
            return given_by(condition.left) | given_by(condition.comparators[0])
    return set()


def loaded(node: tree.AST) -> set[str]:
    """The names that are read somewhere in a tree."""
    return {name.id for name in _names(node) if isinstance(name.ctx, tree.Load)}


def _stored(node: tree.AST) -> set[str]:
    return {name.id for name in _names(node) if isinstance(name.ctx, tree.Store)}


def _names(node: tree.AST) -> Iterator[tree.AST]:
    return (item for item in tree.walk(node) if isinstance(item, tree.Name))
