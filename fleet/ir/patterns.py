"""Rewrite rules with names and benefits: which of several goes first, and what traces call it.

A rule is a function; `NamedPattern` adds to one what a plain function does not say of itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NamedPattern:
    """A rule under a name; of rules for one operation, greater benefits are tried first."""

    name: str
    function: Callable[..., Any]
    benefit: int = 1

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)


def by_benefit(rules: Iterable[Callable[..., Any]]) -> list[Callable[..., Any]]:
    """Rules in the order in which they are tried: as given, where benefits are equal."""
    return sorted(rules, key=lambda rule: -getattr(rule, "benefit", 1))


def rule_name(rule: Callable[..., object]) -> str:
    """What a rule is called: by its own name, or its function's, in its file."""
    if isinstance(rule, NamedPattern):
        return rule.name
    function = getattr(rule, "func", rule)  # of a partial application
    where = getattr(function, "__module__", "").rpartition(".")[2]
    return f"{where}.{getattr(function, '__name__', type(function).__name__).strip('_')}"
