"""Modules that a program can import: tables of names, and scopes of files in Python.

In: a name after the dot. Out: what it stands for. The one idea: a module of a library is a list of
what is supported, and what the real module has beyond it is refused by name, so `np.linalg.svd is
not supported` comes from here and not from an AttributeError.
"""

from __future__ import annotations

import functools
import importlib
import warnings
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from fleet.diagnostics import FleetError
from fleet.evaluator.objects.provided import provided


class Module:
    """`import name`.

    table: what is supported. real: Python's own module, asked only whether a name exists.
    reject: makes the rejection of a name. variables: names that a program may assign, with what
    they are now, a dictionary of the heap.
    """

    def __init__(
        self,
        name: str,
        table: Mapping[str, Any],
        real: ModuleType | None,
        reject: Callable[[str], FleetError],
        more: Callable[[str], Any] | None = None,
        variables: dict[str, Any] | None = None,
    ) -> None:
        self.name = name
        self.variables = variables
        self.table = table
        self.real = real
        self.reject = reject
        self.more = more

    @functools.cached_property
    def values(self) -> dict[str, Any]:
        """What is supported, as the program sees it."""
        return {
            key: provided(key, value, getattr(self.real, key, None))
            for key, value in self.table.items()
        }

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
        if self.variables is not None and name in self.variables:
            return (self.variables[name],)
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

    def public(self) -> list[str]:
        """The names that `from name import *` binds, supported or not."""
        every = getattr(self.real, "__all__", None)
        if every is None:
            every = [name for name in dir(self.real) if not name.startswith("_")]
        return list(every)

    def __repr__(self) -> str:
        return f"<module '{self.name}'>"


class LateModule(Module):
    """One that few programs import: its table is made, and Python's own loaded, when a name is
    asked for. make: the table."""

    def __init__(
        self, name: str, make: Callable[[], Mapping[str, Any]], reject: Callable[[str], FleetError]
    ) -> None:
        self.name = name
        self.make = make
        self.reject = reject
        self.more = self.variables = None

    @functools.cached_property
    def real(self) -> ModuleType:
        return importlib.import_module(self.name)

    @functools.cached_property
    def table(self) -> Mapping[str, Any]:
        return self.make()


class LibraryModule(Module):
    """A module of Python's library, written in Python for our front end.

    values: the bindings of its file, of which programs see those that it defines, not those that
    it imports, and none that begin with an underscore.
    """

    def __init__(
        self, name: str, values: dict[str, Any], imported: set[str],
        reject: Callable[[str], FleetError],
    ) -> None:  # fmt: skip
        self.name = name
        self.values = values
        self.variables = None
        self.imported = imported
        self.reject = reject
        self.more = None

    @functools.cached_property
    def real(self) -> ModuleType | None:
        """Python's own, loaded when a name is asked for that ours has not; None: not installed."""
        try:
            return importlib.import_module(self.name)
        except ImportError:
            return None

    def _find(self, name: str) -> tuple[Any] | None:
        if name not in self.values or name in self.imported or (
                name.startswith("_") and not name.endswith("__")):  # fmt: skip
            return None
        return (self.values[name],)

    def public(self) -> list[str]:
        return self.values.get("__all__") or super().public()


class UserModule(Module):
    """A file of the program's own, imported.

    values: the bindings of its scope; file: where it is; loading: whether it is being evaluated.
    """

    def __init__(self, name: str, values: dict[str, Any], file: str) -> None:
        self.name = name
        self.values = self.variables = values
        self.file = file
        self.real = None
        self.more = None
        self.loading = True

    def get(self, name: str) -> Any:
        found = self._find(name)
        if found is not None:
            return found[0]
        if self.loading:
            raise AttributeError(
                f"partially initialized module '{self.name}' has no attribute '{name}' "
                "(most likely due to a circular import)"
            )
        raise AttributeError(f"module '{self.name}' has no attribute '{name}'")

    def public(self) -> list[str]:
        every = self.values.get("__all__")
        if every is not None:
            return list(every)
        return [name for name in self.values if not name.startswith("_")]

    def __repr__(self) -> str:
        return f"<module '{self.name}' from '{self.file}'>"
