"""What `pathlib` makes of paths that are texts, and paths that are in the run's containers."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from fleet.objects.instances import Instance, type_name


def _of(name: str) -> Callable[..., str]:
    """A property of a path, or a method that gives one."""

    def function(text: str, *given: Any) -> str:
        found = getattr(PurePosixPath(text), name)
        return str(found(*given) if callable(found) else found)

    return function


PATH_METHODS: dict[str, tuple[Callable[..., Any], Any]] = {
    **{name: (_of(name), "str") for name in (
        "parent name suffix stem drive root anchor as_uri joinpath relative_to with_name "
        "with_stem with_suffix").split()},
    "of": (lambda *parts: str(PurePosixPath(*parts)), "str"),
    "parts": (lambda text: PurePosixPath(text).parts, tuple),
    "suffixes": (lambda text: PurePosixPath(text).suffixes, list),
    "parents": (lambda text: [str(one) for one in PurePosixPath(text).parents], list),
    "is_absolute": (lambda text: PurePosixPath(text).is_absolute(), "bool"),
    "is_relative_to": (lambda text, *other: PurePosixPath(text).is_relative_to(*other), "bool"),
    "match": (lambda text, pattern: PurePosixPath(text).match(pattern), "bool"),
    "before": (lambda text, other: PurePosixPath(text) < PurePosixPath(other), "bool"),
}  # fmt: skip
"""By name: the function of texts, and what it gives."""

class PathInstance(Instance):
    """An instance of one of our library's paths: it is what its text is."""

    __slots__ = ()

    def __fspath__(self) -> str:
        return self.attributes["_text"]

    __str__ = __fspath__

    def __repr__(self) -> str:
        return f"{self.name}({self.__fspath__()!r})"

    def __format__(self, spec: str) -> str:
        if spec:
            raise TypeError(f"unsupported format string passed to {self.name}.__format__")
        return str(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PathInstance) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PathInstance):
            return super().__lt__(other)
        return PurePosixPath(self) < PurePosixPath(other)

    def __truediv__(self, other: Any) -> PathInstance:
        return self._of(str(PurePosixPath(self) / other))

    def __rtruediv__(self, other: Any) -> PathInstance:
        return self._of(str(other / PurePosixPath(self)))

    def _of(self, text: str) -> PathInstance:
        made = PathInstance(self.number, self.name, " ".join(self.own))
        made.attributes["_text"] = text
        return made


def _path_instance(number: int, name: str, own: str, text: str) -> PathInstance:
    return PathInstance(number, name, own)._of(text)


def _given(path: Any) -> str:
    if isinstance(path, str | PathInstance):
        return str(path)
    raise TypeError(f"expected str, bytes or os.PathLike object, not {type_name(path)}")


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{f"path.{name}": function for name, (function, _) in PATH_METHODS.items()},
    **{f"os.path.{name}": getattr(posixpath, name)
       for name in "join dirname basename normpath normcase isabs".split()},
    "path.given": _given,
    "path_instance": _path_instance,
    "path_part": lambda name, at, text: getattr(posixpath, name)(text)[at],
}  # fmt: skip
