"""The evaluator, put together: a program's file in, its effects or its IR out.

`run_ast` executes the program with NumPy underneath; `build_ir` walks the same tree in the same
way with the IR builder underneath. (See DESIGN in the documentation, "Front end".)
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fleet.diagnostics import FleetError, Frame, ProgramError, ProgramExit
from fleet.dialects import builtin, func
from fleet.evaluator.eager import Eager
from fleet.evaluator.functions import Function
from fleet.evaluator.machine import Raised
from fleet.evaluator.regions import Stopped, exception_name, message_of
from fleet.evaluator.scopes import Names, Scope
from fleet.evaluator.staged import Staged
from fleet.evaluator.statements import Statements
from fleet.evaluator.values.heap import Heap
from fleet.host import Host
from fleet.ir.attributes import TypeAttr
from fleet.ir.core import Block, Operation, Region
from fleet.ir.types import FunctionType
from fleet.library import tables as library
from fleet.library.builtins import make_builtins
from fleet.syntax import tree
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source

RAISED_RECURSION = 60_000
"""Python frames that a deep recursion of the user's program may take here."""


class Evaluator(Statements):
    """Evaluates one program over one back end."""

    def __init__(self, path: Path, file: str, source: str) -> None:
        super().__init__(path, Heap())
        self.file = file
        self.handling: list[Raised] = []
        self.tree = parse(source, file)
        self._outside: dict[int, set[str]] = {}
        self.scope = Scope("module", None, Names(), "<module>")

    def start(self, backend: Any) -> None:
        """Prepare builtins and modules over a back end."""
        self.backend = backend
        self.heap.refuse = lambda message: self.error(message, "copy it first, with .copy()")
        self.builtins, self.constructors = make_builtins(self)
        self.modules = library.make_modules(self)
        self.array_attributes = library.array_attributes(self)
        prelude = self._prelude()
        functions = {name: value for name, value in prelude.items() if isinstance(value, Function)}
        self.array_methods = library.array_methods(self, prelude)
        linalg = self.modules["numpy.linalg"]
        linalg.values |= {"norm": functions.pop("norm")}
        public = {name: value for name, value in functions.items() if self._is_public(name)}
        self.modules["numpy"].values = public | self.modules["numpy"].values
        self.modules["numpy"].values |= {"amax": functions["max"], "amin": functions["min"],
                                         "around": functions["round"]}  # fmt: skip
        self.scope.values |= {"__name__": "__main__", "__file__": str(self.path)}

    def _is_public(self, name: str) -> bool:
        return hasattr(library.np, name)

    def _prelude(self) -> dict[str, Any]:
        """Evaluate NumPy's functions that are written in Python."""
        scope = Scope("module", None, Names(), "<prelude>")
        outer, self.scope = self.scope, scope
        self.outside = self.location()
        scope.values["unsupported"] = self._unsupported_in_prelude
        try:
            for path in library.PRELUDE:
                self.run_module(_prelude_tree(path))
        finally:
            self.scope, self.outside = outer, None
        return scope.values

    def _unsupported_in_prelude(self, what: str) -> None:
        raise self.error(f"{what} is not supported")

    def run_module(self, module: tree.AST) -> None:
        self.run_body(module.body)

    def uncatchable(self, exception: str) -> None:
        """Refuse a run-time exception that an enclosing `try` of the program would catch."""
        for entry in self.catching:
            if entry is None:
                continue
            kinds, place = entry
            for kind in kinds:
                classes = kind if isinstance(kind, tuple) else (kind,)
                if any(_may_catch(one, exception) for one in classes):
                    raise FleetError(
                        f"this {exception} depends on run-time values, and the `try` around it "
                        f"(line {place.line}) would have to catch it at run time, which is not "
                        "supported",
                        self.location(),
                        hint="test for the error before, with `if`",
                    )

    def names_outside(self, node: tree.AST) -> set[str]:
        """Names that are read anywhere but inside this loop."""
        if id(node) not in self._outside:
            inside = {id(item) for item in tree.walk(node)}
            self._outside[id(node)] = {
                item.id for item in tree.walk(self.tree)
                if isinstance(item, tree.Name) and isinstance(item.ctx, tree.Load)
                and id(item) not in inside
            }  # fmt: skip
        return self._outside[id(node)]


@functools.cache
def _prelude_tree(path: Path) -> tree.AST:
    return parse(path.read_text(encoding="utf-8"), str(path))


def _may_catch(kind: Any, exception: str) -> bool:
    """Whether an except clause for this class catches the exception of this name."""
    if not isinstance(kind, type):
        return False
    raised = getattr(builtins, exception, None)
    if raised is None:
        return True
    return issubclass(raised, kind)


def _evaluator(path: str | Path) -> Evaluator:
    path = Path(path)
    return Evaluator(path, str(path), read_source(path))


def run_ast(path: str | Path, argv: Sequence[str] = (), host: Host | None = None) -> None:
    """Run a program directly, NumPy underneath.

    argv: the arguments after the program's name. Raises ProgramError and ProgramExit as the program
    does, FleetError for what is not supported.
    """
    host = host or Host()
    host = Host([str(path), *argv], host.stdout, host.stderr, host.stdin)
    with tree.recursion_room(RAISED_RECURSION):
        evaluator = _evaluator(path)
        evaluator.start(Eager(evaluator.heap, host))
        try:
            evaluator.run_module(evaluator.tree)
        except Raised as raised:
            _leave(raised, host)


def _leave(raised: Raised, host: Host) -> None:
    """End a run as CPython does after an exception that nothing caught."""
    exception = raised.exception
    if not isinstance(exception, SystemExit):
        raise ProgramError(
            exception_name(exception), message_of(exception), raised.location
        ) from None
    code = exception.code
    if code is None:
        raise ProgramExit(0) from None
    if isinstance(code, int):
        raise ProgramExit(code & 0xFF) from None
    print(code, file=host.stderr)
    raise ProgramExit(1) from None


def build_ir(path: str | Path) -> Operation:
    """The program as a `builtin.module` with one function, `main`, at the numpy stage.

    Raises FleetError for what is not supported.
    """
    with tree.recursion_room(RAISED_RECURSION):
        evaluator = _evaluator(path)
        block = Block()
        evaluator.start(Staged(evaluator.heap, block, evaluator.location))
        e = evaluator.backend.e
        e.uncatchable = evaluator.uncatchable
        e.builder.block = block
        try:
            evaluator.run_module(evaluator.tree)
        except Raised as raised:
            evaluator.emit_raise(raised)
        except Stopped:
            pass
        evaluator.node = None
        evaluator.frame = Frame("<module>")
        e.op(func.return_, [])
        kind = TypeAttr(FunctionType((), ()))
        main = func.func(sym_name="main", function_type=kind, regions=[Region([block])])
        main.location = evaluator.location()
        return builtin.module(regions=[Region([_holding(main)])], location=evaluator.location())


def _holding(operation: Operation) -> Block:
    block = Block()
    block.append(operation)
    return block
