"""The front end, put together: a program's file in, its effects or its IR out.

`run_ast` executes the program with NumPy underneath; `build_ir` walks the same tree in the same
way with the IR builder underneath. The one idea: the evaluator knows the language, the library what
programs import; only this file knows both.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fleet.collector import few_cycles
from fleet.diagnostics import FleetError, Frame, ProgramError, ProgramExit
from fleet.dialects import builtin, func
from fleet.dialects.numpy import FAST_SUMS
from fleet.evaluator.backends.eager import Eager
from fleet.evaluator.backends.staged import ARGV, Staged
from fleet.evaluator.control import copies
from fleet.evaluator.control.outcomes import Stopped
from fleet.evaluator.control.raising import exception_name
from fleet.evaluator.control.regions import catchable, choose, end_program, failing, split
from fleet.evaluator.language.imports import preload
from fleet.evaluator.language.statements import LANGUAGE
from fleet.evaluator.objects import instances, questions
from fleet.evaluator.objects.boxed import boxed
from fleet.evaluator.objects.functions import docstring
from fleet.evaluator.objects.provided import provided
from fleet.evaluator.state.machine import Machine, Raised
from fleet.evaluator.state.memory import Again, Policy, TooDeep, TooLong
from fleet.evaluator.state.outgrown import (
    learn,
    may_mix,
    mix,
    mixed_at,
    no_table,
    not_mixed,
    outgrown,
    tabulate,
)
from fleet.evaluator.state.scopes import Names, Scope
from fleet.evaluator.state.warned import as_said, heard, said
from fleet.evaluator.values import classes
from fleet.evaluator.values.array_lists import ArrayLists
from fleet.evaluator.values.exceptions import before
from fleet.evaluator.values.heap import Heap
from fleet.host import Host
from fleet.ir.attributes import TypeAttr, UnitAttr
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType
from fleet.library import tables
from fleet.library.builtins.table import make_builtins
from fleet.library.numpy.float_errors import met as met_float_error
from fleet.library.numpy.prelude_names import Prelude
from fleet.library.numpy.printing import shown_by_formatter
from fleet.limits import DEFAULT, Limits
from fleet.recursion import recursion_room, with_room_for_frames
from fleet.syntax import tree
from fleet.syntax.parser import parse
from fleet.syntax.source import read_source

RAISED_RECURSION = 60_000
"""Python frames that a deep recursion of the user's program may take here."""


def _parsed(path: Path) -> tree.AST:
    return parse(read_source(path), str(path))


def _machine(
    path: str | Path, program: tree.AST, policy: Policy, limits: Limits = DEFAULT
) -> Machine:
    """An evaluation of a program that is yet to begin."""
    classes.begin()
    scope = Scope("module", None, Names(), "<module>")
    scope.values["__file__"] = _file(str(path))
    m = Machine(Path(path), program, LANGUAGE, Heap(), scope, policy)
    m.data.folders += [Path(folder).resolve() for folder in limits.folders]
    m.budget = m.limit = limits.steps
    return m


def _start(m: Machine, backend: Any) -> None:
    """Prepare builtins and modules over a back end."""
    m.backend = backend
    m.heap.refuse = lambda message: m.error(message, "copy it first, with .copy()")
    m.builtins, m.constructors = make_builtins(m)
    m.modules = tables.make_modules(m)
    m.library = tables.LIBRARY
    prelude = m.prelude = Prelude(m, {"unsupported": functools.partial(_refuse, m)})
    m.array_attributes = tables.array_attributes(m, prelude)
    m.array_methods = tables.array_methods(m, prelude)
    m.constructors[np.ndarray] = provided(
        "ndarray", lambda *given, **named: prelude.get("new_ndarray")(*given, **named), np.ndarray)
    for name in tables.NUMPY_MODULES:
        m.modules[name].more = prelude.functions(name)
    m.scope.values |= {
        "__name__": "__main__", "__doc__": docstring(m.tree),
    }


def _file(path: str) -> str:
    """A program's `__file__`: whole, as CPython has it, and not normalised."""
    return path if os.path.basename(path) == "<stdin>" else os.path.join(os.getcwd(), path)


def _refuse(m: Machine, what: str, hint: str | None = None) -> None:
    raise m.error(f"{what} is not supported", hint)


def library_machine() -> Machine:
    """An evaluation of an empty program, whose modules can be asked what they have."""
    m = _machine(Path("program.py"), parse("", "program.py"), Policy())
    _start(m, Eager(m.heap, Host(["program.py"])))
    return m


@with_room_for_frames
def run_ast(
    path: str | Path,
    argv: Sequence[str] = (),
    host: Host | None = None,
    program: tree.AST | None = None,
) -> None:
    """Run a program directly, NumPy underneath.

    argv: the arguments after the program's name; program: its tree, when that is known.
    Raises ProgramError and ProgramExit as the program does, FleetError for what is not supported.
    """
    host = host or Host()
    host = replace(host, argv=[str(path), *argv])
    with recursion_room(RAISED_RECURSION):
        m = _machine(path, program or _parsed(Path(path)), Policy(), host.limits)
        _start(m, Eager(m.heap, host))
        try:
            with heard(functools.partial(_show, m, host)), np.printoptions():
                preload(m, m.tree)
                m.run_body(m.tree.body)
        except Raised as raised:
            _leave(raised, host)


def _show(m: Machine, host: Host, message: str, category: str) -> None:
    """Show a warning of the program where it is now."""
    shown = as_said(message, m.said, m.ignored)
    if shown is not None:
        host.warned.show(shown, m.location(), category)


def _leave(raised: Raised, host: Host) -> None:
    """End a run as CPython does after an exception that nothing caught."""
    exception = raised.exception
    if not isinstance(exception, SystemExit):
        host.stderr.write(before(exception))
        raise ProgramError(
            exception_name(exception), str(exception), raised.location
        ) from None
    code = exception.code
    if code is None:
        raise ProgramExit(0) from None
    if isinstance(code, int):
        raise ProgramExit(code & 0xFF) from None
    print(code, file=host.stderr)
    raise ProgramExit(1) from None


@with_room_for_frames
def build_ir(
    path: str | Path, limits: Limits = DEFAULT, program: tree.AST | None = None
) -> Operation:
    """The program as a `builtin.module` with one function, `main`, at the numpy stage.

    limits: what evaluating it may read and take; program: its tree, when that is known.
    Raises FleetError for what is not supported.
    """
    with recursion_room(RAISED_RECURSION):
        program = program or _parsed(Path(path))

        def run(m: Machine, block: Block) -> Sequence[Value]:
            preload(m, m.tree)
            m.run_body(m.tree.body)
            return ()

        return _settled(path, program, run, limits)


Enter = Callable[[Machine, Block], Sequence[Value]]
"""Evaluates into main's block, whose arguments it adds; what main returns. It may be called anew,
by another machine, when an evaluation has to begin again."""


def build_entry(
    path: str | Path, enter: Enter, limits: Limits = DEFAULT, program: tree.AST | None = None
) -> Operation:
    """As build_ir, of something else than a file: `main` has the arguments that `enter` gives it.

    path: the file that `enter` takes its functions from; program: its tree, if `enter` asks for it.
    """
    with recursion_room(RAISED_RECURSION):
        return _settled(path, program or tree.Module([], []), enter, limits)


@few_cycles
def _settled(path: str | Path, program: tree.AST, enter: Enter, limits: Limits) -> Operation:
    """Evaluate until the policy has nothing more to learn."""
    policy = Policy()
    before: FleetError | None = None  # for which all known loops are unrolled
    while True:
        policy.begin()
        m = _machine(path, program, policy, limits)
        try:
            module = _build(m, enter)
            if limits.fast_sums:
                module.attributes[FAST_SUMS] = UnitAttr()
            return module
        except Again:
            if not policy.is_fruitful():
                raise m.error(
                    "evaluating this anew teaches nothing more of what is known at run time only",
                    "give what changes here values of one kind, and change it in fewer places",
                ) from None
        except FleetError as error:
            if policy.learn(error):
                before = error if policy.cautious else None
                continue
            if isinstance(error, TooDeep | TooLong) and before is not None:
                raise before from None
            raise


def _build(m: Machine, enter: Enter) -> Operation:
    """One evaluation: another may begin anew."""
    block = Block()
    _start(m, Staged(m.heap, block, m.location, id(ARGV) in m.policy.outgrown))
    e = m.backend.e
    e.uncatchable = m.uncatchable
    e.catchable = functools.partial(catchable, m)
    e.failing = functools.partial(failing, m)
    e.cause_of = m.policy.cause_of
    e.said = lambda operation: said(m.said, operation)
    e.boxed = functools.partial(boxed, m)
    e.ignored = lambda: m.ignored | m.fatal | m.told
    e.heeded = lambda: m.fatal | m.told
    e.met = functools.partial(met_float_error, m)
    e.printing = lambda: m.printing
    e.shown_by_formatter = functools.partial(shown_by_formatter, m)
    e.may_be_asked = functools.partial(questions.may_be_asked, m)
    e.answer = functools.partial(questions.answer, m)
    e.text_of_instance = functools.partial(instances.text, m)
    e.array_lists = ArrayLists(
        e, m.policy.array_lists, m.policy.number_lists, m.policy.written, m.policy.attribute_lists,
        functools.partial(learn, m, ()),
    )
    m.heap.outgrown = functools.partial(outgrown, m)
    m.heap.no_table = functools.partial(no_table, m)
    m.heap.may_mix = functools.partial(may_mix, m)
    m.heap.mixed_at = functools.partial(mixed_at, m)
    m.heap.mix = functools.partial(mix, m)
    m.heap.not_mixed = functools.partial(not_mixed, m)
    m.heap.tabulate = functools.partial(tabulate, m)
    e.split = lambda union, use: split(m, union, functools.partial(m.native, use))
    e.choose = functools.partial(choose, m)
    e.stands_alone = functools.partial(copies.stands_alone, m)
    e.builder.block = block
    returned: Sequence[Value] = ()
    try:
        with heard(functools.partial(_warn, m)), np.printoptions():
            returned = enter(m, block)
    except Raised as raised:
        end_program(m, raised)
    except Stopped:
        pass
    m.node = None
    m.frame = Frame("<module>")
    e.op(func.return_, list(returned))
    inputs = tuple(argument.type for argument in block.arguments)
    kind = TypeAttr(FunctionType(inputs, tuple(value.type for value in returned)))
    main = func.func(sym_name="main", function_type=kind, regions=[Region([block])])
    main.location = m.location()
    operations = _holding([main, *m.functions])
    module = builtin.module(regions=[Region([operations])], location=m.location())
    module.drop_uses_outside()  # by operations of bodies whose evaluation was given up midway
    return module


def _warn(m: Machine, message: str, category: str) -> None:
    """Let the program warn, when it comes here, of what known values give."""
    shown = as_said(message, m.said, m.ignored)
    if shown is not None:
        m.backend.e.warn(shown, category)


def _holding(operations: list[Operation]) -> Block:
    block = Block()
    for operation in operations:
        block.append(operation)
    return block
