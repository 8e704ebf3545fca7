"""Passes by name, and the manager that runs a pipeline of them.

    @register_pass("cse", "merge equal operations")
    def run(module: Operation) -> None: ...

    PassManager("builtin.module(canonicalize,func.func(cse),outline{minimum=4})").run(module)

In: a module and a pipeline, as `mlir-opt` spells it or as a list of names. Out: the module, changed
in place, verified after every pass. The one idea: a pass is a plain function on an operation; its
options, where it has some, are the fields of a dataclass, given as second argument.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fleet.diagnostics import FleetError, FleetErrors
from fleet.ir.analysis.analyses import Analyses, Analysis
from fleet.ir.analysis.verifier import verify
from fleet.ir.core import Operation
from fleet.ir.definition import ISOLATED, definition_of
from fleet.ir.rewriting.pipeline import (
    Step,
    option_name,
    option_text,
    option_value,
    parse_pipeline,
)


def option(default: int | bool | str, description: str) -> Any:
    """A field of a pass's options, with its default and what it says."""
    return dataclasses.field(default=default, metadata={"description": description})


@dataclass(frozen=True)
class Pass:
    """A registered pass: `function(operation)`, or `function(operation, options)`, changes the
    operation in place, and gives False when it changed nothing. `options` is the dataclass of the
    latter, `preserves` what analyses hold after it."""

    name: str
    description: str
    function: Callable[..., bool | None]
    options: type | None = None
    preserves: tuple[Analysis, ...] = ()

    @property
    def title(self) -> str:
        """What headings call it, as MLIR's pass of this name: `TosaToLinalg`, `CSE`."""
        known = {"canonicalize": "Canonicalizer", "cse": "CSE", "symbol-dce": "SymbolDCE",
                 "dce": "DCE"}  # fmt: skip
        return known.get(self.name) or "".join(w.capitalize() for w in self.name.split("-"))

    def fields(self) -> tuple[dataclasses.Field, ...]:
        """The options, with their defaults and descriptions."""
        return dataclasses.fields(self.options) if self.options is not None else ()

    def kinds(self) -> dict[str, type]:
        """The names of the options' fields and the types of their values."""
        return typing.get_type_hints(self.options) if self.options is not None else {}

    def run(self, operation: Operation, given: dict[str, Any]) -> bool:
        """Change the operation. `given` are checked options, the others have their defaults.
        Whether it may have changed."""
        arguments = () if self.options is None else (self.options(**given),)
        return self.function(operation, *arguments) is not False


PASSES: dict[str, Pass] = {}

ANY = "any"
"""In a pipeline: every operation directly inside that holds a scope of its own."""


def register_pass(
    name: str,
    description: str,
    options: type | None = None,
    *,
    preserves: Iterable[Analysis] = (),
) -> Callable[[Callable[..., bool | None]], Callable[..., bool | None]]:
    """Register the decorated function under a name."""

    def register(function: Callable[..., bool | None]) -> Callable[..., bool | None]:
        PASSES[name] = Pass(name, description, function, options, tuple(preserves))
        return function

    return register


@dataclass(frozen=True)
class Run:
    """One run of a pass: on an operation of a module, and what the pipeline does from here on."""

    entry: Pass
    target: Operation
    module: Operation
    remaining: tuple[Step, ...]


class Instrument:
    """Told of every run of a pass: to print, to count, to keep what was before."""

    def before(self, run: Run) -> None:
        """The pass is about to run."""

    def after(self, run: Run) -> None:
        """It has run, and left valid IR where that is checked."""

    def failed(self, run: Run) -> None:
        """It raised an error, or left invalid IR."""


class PassManager:
    """Runs a pipeline.

    pipeline:    `builtin.module(a,b{option=1})`, `a,b`, or a list of such entries, (name, options)
                 and Steps.
    check:       verify after every pass (and before the first).
    instruments: told of every run, in this order.
    analyses:    what is known of the module so far; a manager that is not given them has its own.
    """

    def __init__(
        self,
        pipeline: str | Iterable[str | tuple[str, dict[str, Any]] | Step],
        *,
        check: bool = True,
        instruments: Iterable[Instrument] = (),
        analyses: Analyses | None = None,
    ) -> None:
        if isinstance(pipeline, str):
            self.steps = parse_pipeline(pipeline)
        else:
            self.steps = tuple(_step(item) for item in pipeline)
        self.check = check
        self.instruments = list(instruments)
        self.analyses = analyses or Analyses()
        for step in self.steps:
            _require(step)

    def run(self, module: Operation, *, verified: bool = False) -> Operation:
        """Run all passes on the module, in place, and give it back.

        verified: the module is known to be valid.
        Raises FleetErrors when the module is invalid before or after a pass, naming the pass;
        whatever error a pass itself raises comes through as it is when it is a FleetError.
        """
        if self.check and not verified:
            verify(module)
        with self.analyses.active():
            self._run(self.steps, module, module, ())
        return module

    def _run(
        self,
        steps: tuple[Step, ...],
        target: Operation,
        module: Operation,
        around: tuple[tuple[str, tuple[Step, ...]], ...],
    ) -> None:
        """around: of each entry that this one stands in, its name and the steps after it."""
        for number, step in enumerate(steps):
            following = steps[number + 1 :]
            if step.nested is None:
                remaining = _wrapped(steps[number:], around) if self.instruments else ()
                self._one(step, Run(PASSES[step.name], target, module, remaining))
                continue
            for inner in _anchored(target, step.name):
                self._run(step.nested, inner, module, ((step.name, following), *around))

    def _one(self, step: Step, run: Run) -> None:
        for instrument in self.instruments:
            instrument.before(run)
        try:
            if _checked(run, step.options):
                self.analyses.keep(run.entry.preserves)
            if self.check:
                _verify_after(run)
        except Exception:
            for instrument in self.instruments:
                instrument.failed(run)
            raise
        for instrument in self.instruments:
            instrument.after(run)


def _anchored(target: Operation, name: str) -> list[Operation]:
    """The operations inside the target (and itself) that an entry of a pipeline speaks of."""
    if name != ANY:
        return [op for op in target.walk() if op.name == name]
    inside = [op for region in target.regions for block in region.blocks for op in block]
    return [op for op in inside if op.has_trait(ISOLATED)]


def _wrapped(
    steps: tuple[Step, ...], around: tuple[tuple[str, tuple[Step, ...]], ...]
) -> tuple[Step, ...]:
    for name, following in around:
        steps = (Step(name, nested=steps), *following)
    return steps


def _checked(run: Run, options: dict[str, Any]) -> bool:
    """Run a pass; what it raises in error names it. Whether it may have changed anything."""
    try:
        return run.entry.run(run.target, options)
    except (FleetError, RecursionError):
        raise
    except Exception as error:
        name = run.entry.name
        raise RuntimeError(f"pass {name}: {type(error).__name__}: {error}") from error


def _verify_after(run: Run) -> None:
    try:
        verify(run.module)
    except FleetErrors as errors:
        for error in errors.errors:
            error.message = f"after pass {run.entry.name}: {error.message}"
        raise


def _step(item: str | tuple[str, dict[str, Any]] | Step) -> Step:
    if isinstance(item, Step):
        return item
    if isinstance(item, str):
        (step,) = parse_pipeline(item)
        return step
    return Step(item[0], dict(item[1]))


def _require(step: Step) -> None:
    if step.nested is not None:
        if step.name != ANY and definition_of(step.name) is None:
            raise FleetError(f"pipeline: there is no operation {step.name!r} to run passes on")
        for inner in step.nested:
            _require(inner)
    elif step.name not in PASSES:
        raise FleetError(
            f"there is no pass named {step.name!r}",
            hint=f"passes are {', '.join(sorted(PASSES))}" if PASSES else None,
        )
    else:
        _check_options(step)


def _check_options(step: Step) -> None:
    """Raise FleetError for options that the pass does not have, or values of another kind; texts
    become values of the kind that the pass says."""
    kinds = PASSES[step.name].kinds()
    for name, value in step.options.items():
        spelled = option_name(name)
        if name not in kinds:
            has = ", ".join(map(option_name, kinds)) or "none"
            raise FleetError(
                f"pass {step.name} has no option {spelled!r}", hint=f"its options are: {has}"
            )
        try:
            if isinstance(value, str):
                step.options[name] = option_value(value, kinds[name])
            elif type(value) is not kinds[name]:
                raise ValueError
        except ValueError:
            raise FleetError(
                f"option {spelled} of pass {step.name} is {option_text(value)!r}",
                hint=f"it takes a value of type {kinds[name].__name__}",
            ) from None
