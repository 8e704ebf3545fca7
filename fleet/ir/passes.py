"""Passes by name, and the manager that runs a pipeline of them.

    @register_pass("cse", "merge equal operations")
    def run(module: Operation) -> None: ...

    PassManager("builtin.module(canonicalize,func.func(cse),canonicalize{max-iterations=3})").run(module)

In: a module and a pipeline, as `mlir-opt` spells it or as a list of names. Out: the module, changed
in place, verified after every pass. The one idea: a pass is a plain function on an operation.
"""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from fleet.diagnostics import FleetError, FleetErrors
from fleet.ir.core import Operation
from fleet.ir.verifier import verify


@dataclass(frozen=True)
class Pass:
    """A registered pass: `function(operation, **options)` changes the operation in place."""

    name: str
    description: str
    function: Callable[..., None]


PASSES: dict[str, Pass] = {}


def register_pass(
    name: str, description: str = ""
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the decorated function under a name; its keyword parameters are the options."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        PASSES[name] = Pass(name, description or (function.__doc__ or "").split("\n")[0], function)
        return function

    return register


@dataclass(frozen=True)
class Step:
    """One entry of a pipeline: a pass with options, or an operation's name with entries inside."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    nested: tuple[Step, ...] | None = None

    def __str__(self) -> str:
        if self.nested is not None:
            return f"{self.name}({','.join(map(str, self.nested))})"
        options = " ".join(
            f"{k.replace('_', '-')}={_option_text(v)}" for k, v in self.options.items()
        )
        return f"{self.name}{{{options}}}" if options else self.name


def _option_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


AfterPass = Callable[[str, Operation], None]
"""Called after each pass with its name and the module: to print, to check, to count."""


class PassManager:
    """Runs a pipeline.

    pipeline: `builtin.module(a,b{option=1})`, `a,b`, or a list of names, (name, options) and Steps.
    check:    verify after every pass (and before the first).
    after:    hooks that are called after every pass.
    seconds:  time spent per pass name, filled in by `run`.
    """

    def __init__(
        self,
        pipeline: str | Iterable[str | tuple[str, dict[str, Any]] | Step],
        *,
        check: bool = True,
        after: Iterable[AfterPass] = (),
    ) -> None:
        if isinstance(pipeline, str):
            self.steps = parse_pipeline(pipeline)
        else:
            self.steps = tuple(_step(item) for item in pipeline)
        self.check = check
        self.after = list(after)
        self.seconds: dict[str, float] = {}
        for step in self.steps:
            _require(step)

    def run(self, module: Operation) -> Operation:
        """Run all passes on the module, in place, and give it back.

        Raises FleetErrors when the module is invalid before or after a pass, naming the pass;
        whatever error a pass itself raises comes through as it is when it is a FleetError.
        """
        if self.check:
            verify(module)
        self._run(self.steps, module, module)
        return module

    def _run(self, steps: Iterable[Step], target: Operation, module: Operation) -> None:
        for step in steps:
            if step.nested is not None:
                targets = [op for op in target.walk() if op.name == step.name]
                for inner in targets:
                    self._run(step.nested, inner, module)
                continue
            start = time.perf_counter()
            try:
                PASSES[step.name].function(target, **step.options)
            except (FleetError, RecursionError):
                raise
            except Exception as error:
                raise RuntimeError(f"pass {step.name}: {type(error).__name__}: {error}") from error
            elapsed = time.perf_counter() - start
            self.seconds[step.name] = self.seconds.get(step.name, 0.0) + elapsed
            if self.check:
                try:
                    verify(module)
                except FleetErrors as errors:
                    for error in errors.errors:
                        error.message = f"after pass {step.name}: {error.message}"
                    raise
            for hook in self.after:
                hook(step.name, module)


def _step(item: str | tuple[str, dict[str, Any]] | Step) -> Step:
    if isinstance(item, Step):
        return item
    return Step(item) if isinstance(item, str) else Step(item[0], dict(item[1]))


def _require(step: Step) -> None:
    if step.nested is not None:
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
    """Raise FleetError for options that the pass does not have, or values of another kind."""
    _, *known = inspect.signature(PASSES[step.name].function, eval_str=True).parameters.values()
    kinds = {parameter.name: parameter.annotation for parameter in known}
    for name, value in step.options.items():
        spelled = name.replace("_", "-")
        if name not in kinds:
            has = ", ".join(each.replace("_", "-") for each in kinds) or "none"
            raise FleetError(
                f"pass {step.name} has no option {spelled!r}", hint=f"its options are: {has}"
            )
        if type(value) is not kinds[name]:
            raise FleetError(
                f"option {spelled} of pass {step.name} is {_option_text(value)!r}",
                hint=f"it takes a value of type {kinds[name].__name__}",
            )


_PIPELINE_TOKEN = re.compile(r"\s*(?:([\w.-]+)|\{([^{}]*)\}|([(),]))")


def parse_pipeline(text: str) -> tuple[Step, ...]:
    """The steps of a pipeline's text. Raises FleetError on malformed text.

    An outermost `builtin.module(…)` is dropped, since that is what a pipeline runs on.
    """
    tokens: list[tuple[str, str]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _PIPELINE_TOKEN.match(stripped, position)
        if found is None:
            raise FleetError(f"pipeline: cannot read {stripped[position:]!r}")
        tokens.append((("name", "options", "mark")[found.lastindex - 1], found[found.lastindex]))
        position = found.end()
    steps, end = _steps(tokens, 0)
    if end != len(tokens):
        raise FleetError(f"pipeline: unexpected {tokens[end][1]!r} in {text!r}")
    if len(steps) == 1 and steps[0].name == "builtin.module" and steps[0].nested is not None:
        return steps[0].nested
    return steps


def _steps(tokens: list[tuple[str, str]], position: int) -> tuple[tuple[Step, ...], int]:
    steps: list[Step] = []
    while position < len(tokens) and tokens[position][0] == "name":
        name = tokens[position][1]
        position += 1
        step = Step(name)
        if position < len(tokens) and tokens[position] == ("mark", "("):
            nested, position = _steps(tokens, position + 1)
            if position >= len(tokens) or tokens[position] != ("mark", ")"):
                raise FleetError(f"pipeline: missing ) after {name}")
            position += 1
            step = Step(name, nested=nested)
        elif position < len(tokens) and tokens[position][0] == "options":
            step = Step(name, _options(tokens[position][1]))
            position += 1
        steps.append(step)
        if position < len(tokens) and tokens[position] == ("mark", ","):
            position += 1
        else:
            break
    return tuple(steps), position


def _options(text: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for item in text.split():
        name, equals, value = item.partition("=")
        options[name.replace("-", "_")] = _option(value) if equals else True
    return options


def _option(text: str) -> bool | int | str:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?\d+", text) else text
