"""Pipelines as mlir-opt spells them: `builtin.module(cse,func.func(canonicalize{top-down=true}))`.

In: a pipeline's text, or what a flag such as `--outline='minimum=4'` gives. Out: steps. The one
idea: a step is a pass with options, or an operation's name with the steps for every such operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fleet.diagnostics import FleetError


@dataclass(frozen=True)
class Step:
    """One entry of a pipeline: a pass with options, or an operation's name with entries inside."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    nested: tuple[Step, ...] | None = None

    def __str__(self) -> str:
        if self.nested is not None:
            return f"{self.name}({pipeline_text(self.nested)})"
        options = " ".join(f"{option_name(k)}={option_text(v)}" for k, v in self.options.items())
        return f"{self.name}{{{options}}}" if options else self.name


def pipeline_text(steps: Iterable[Step]) -> str:
    return ",".join(map(str, steps))


def option_name(field_name: str) -> str:
    """How an option is spelled: `top-down` for the field `top_down`."""
    return field_name.replace("_", "-")


def option_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_TOKEN = re.compile(r"\s*(?:([\w.-]+)|\{([^{}]*)\}|([(),]))")


def parse_pipeline(text: str) -> tuple[Step, ...]:
    """The steps of a pipeline's text. Raises FleetError on malformed text.

    An outermost `builtin.module(…)` is dropped, since that is what a pipeline runs on.
    """
    tokens: list[tuple[str, str]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        found = _TOKEN.match(stripped, position)
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
            step = Step(name, parse_options(tokens[position][1]))
            position += 1
        steps.append(step)
        if position < len(tokens) and tokens[position] == ("mark", ","):
            position += 1
        else:
            break
    return tuple(steps), position


def parse_options(text: str) -> dict[str, Any]:
    """`a=1 b=true c` as a dictionary of texts; what stands alone is true. Of what kind a value is
    the pass says."""
    options: dict[str, Any] = {}
    for item in text.split():
        name, equals, value = item.partition("=")
        options[name.replace("-", "_")] = value if equals else "true"
    return options


def option_value(text: str, kind: type) -> Any:
    """The value that a text spells. Raises ValueError for a text that spells none of its kind."""
    if kind is bool:
        if text not in ("true", "false"):
            raise ValueError(text)
        return text == "true"
    return kind(text)
