"""Modules that a program can import: tables of names.

In: a name after the dot. Out: what it stands for. The one idea: a module is a table, and what the
real module has beyond the table is refused by name, so `np.linalg.svd is not supported` comes from
here and not from an AttributeError.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.objects.provided import provided


class Module:
    """`import name`.

    values: what is supported. real: Python's own module, asked only whether a name exists.
    reject: makes the rejection of a name.
    """

    def __init__(
        self,
        name: str,
        values: Mapping[str, Any],
        real: ModuleType | None,
        reject: Callable[[str], FleetError],
        more: Callable[[str], Any] | None = None,
    ) -> None:
        self.name = name
        self.values = {
            key: provided(key, value, getattr(real, key, None)) for key, value in values.items()
        }
        self.real = real
        self.reject = reject
        self.more = more

    def has(self, name: str) -> bool:
        return self._find(name) is not None

    def exists(self, name: str) -> bool:
        """Whether Python's own module has the name; some warn when asked for old ones."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return hasattr(self.real, name)

    def _find(self, name: str) -> tuple[Any] | None:
        if name in self.values:
            return (self.values[name],)
        found = self.more(name) if self.more is not None else None
        return None if found is None else (found,)

    def get(self, name: str) -> Any:
        """The value of a name. Raises FleetError or Python's AttributeError."""
        found = self._find(name)
        if found is not None:
            return found[0]
        if self.exists(name):
            raise self.reject(f"{self.name}.{name}")
        raise AttributeError(f"module '{self.name}' has no attribute '{name}'")

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"
