"""How each name of NumPy's is defined here: the table behind `fleet numpy` and docs/numpy.md.

In: a machine, whose modules and methods are asked. Out: an entry for every public name of `numpy`,
its modules, arrays and generators. The one idea: nothing is listed twice, so what is added to the
prelude or to a module's table is in this table, too.
"""

from __future__ import annotations

import ast
import functools
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from fleet.evaluator.objects.modules import Module
from fleet.evaluator.objects.prelude_names import real_module
from fleet.evaluator.state.machine import Machine
from fleet.library.numpy.absent import absent_help
from fleet.library.numpy.prelude_names import FOLDER, index, own_name
from fleet.library.numpy.ufuncs import NAMES, Ufunc

ROOT = Path(__file__).parents[3]
PRIMITIVE, PYTHON, NUMPY, ABSENT = "primitive", "Python", "NumPy's", "not here"
MEANINGS = {
    PRIMITIVE: "the evaluator has operations for it",
    PYTHON: "defined in Python, in the prelude",
    NUMPY: "a dtype, class, constant, module or function of NumPy's own, known while building",
    ABSENT: "refused when the program is built",
}
_PLAIN = (type, np.dtype, float, Module)
ARRAY, GENERATOR = "numpy.ndarray", "numpy.random.Generator"


@dataclass(frozen=True)
class Entry:
    """A name of NumPy's. place: `file:line` of what is in Python; note: why it is not here."""

    owner: str
    name: str
    how: str
    place: str = ""
    note: str = ""

    @property
    def full(self) -> str:
        return f"{self.owner}.{self.name}"


def numpy_names(machine: Machine) -> dict[str, list[Entry]]:
    """Owner -> its entries, sorted by name."""
    owners = [name for name in machine.modules if name.split(".")[0] == "numpy"]
    tables = {name: list(_of_module(machine, name)) for name in sorted(owners)}
    tables[ARRAY] = list(_of_arrays(machine))
    tables[GENERATOR] = list(_of_generators())
    order = ["numpy", ARRAY, *(name for name in tables if name not in ("numpy", ARRAY))]
    return {name: tables[name] for name in order if tables[name]}


def covered(entries: list[Entry]) -> int:
    """How many of them programs can use."""
    return sum(entry.how != ABSENT for entry in entries)


def _public(real: Any) -> list[str]:
    """The names that NumPy's manual lists: a module's `__all__`, what has no underscore."""
    if real.__name__ == "numpy.lib.stride_tricks":
        return ["as_strided", "sliding_window_view"]
    names = dir(real) if real is np or isinstance(real, type) else real.__all__
    return sorted(name for name in names if not name.startswith("_"))


def _of_module(machine: Machine, name: str) -> Iterator[Entry]:
    module, real = machine.modules[name], real_module(name)
    for own in _public(real):
        value = module.values.get(own)
        place = own_name(name, own)
        if own not in module.values and place is None:
            yield _absent(name, own)
        elif own not in module.values:
            yield Entry(name, own, PYTHON, _place(place))
        elif isinstance(value, _PLAIN) or value is getattr(real, own, None):
            yield Entry(name, own, NUMPY)
        elif isinstance(value, Ufunc) and not value.primitive:
            yield Entry(name, own, PYTHON, _place(NAMES[own]))
        else:
            yield Entry(name, own, PRIMITIVE)


def _of_arrays(machine: Machine) -> Iterator[Entry]:
    for own in _public(np.ndarray):
        if own in machine.array_attributes:
            yield Entry(ARRAY, own, PRIMITIVE)
        elif own in machine.array_methods:
            source = machine.array_methods.source(own)
            place = "" if source is None else _place(source)
            yield Entry(ARRAY, own, PYTHON if place else PRIMITIVE, place)
        else:
            yield _absent(ARRAY, own)


def _of_generators() -> Iterator[Entry]:
    functions = _random_functions()
    for own in _public(np.random.Generator):
        if own in ("bit_generator", "spawn"):
            yield _absent(GENERATOR, own)
        elif own in functions:
            yield Entry(GENERATOR, own, PYTHON, functions[own])
        else:
            yield Entry(GENERATOR, own, NUMPY, note="where seed and arguments are known")


def _absent(owner: str, own: str) -> Entry:
    return Entry(owner, own, ABSENT, note=absent_help(f"{owner}.{own}") or "")


def _place(name: str | None) -> str:
    found = index().get(name or "")
    return "" if found is None else f"{found.file.relative_to(ROOT)}:{found.line}"


@functools.cache
def _random_functions() -> dict[str, str]:
    """Functions of the prelude's random numbers, and where they are."""
    found = {}
    for path in sorted((FOLDER / "random").glob("[!_]*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r"def (\w+)\(state", line)
            if match:
                found[match[1]] = f"{path.relative_to(ROOT)}:{number}"
    return found


# -- one name


def find(tables: dict[str, list[Entry]], asked: str) -> list[Entry]:
    """The entries that a name may mean: `median`, `np.linalg.inv`, `ndarray.sort`, `x.sort`."""
    asked = re.sub(r"^np\.", "numpy.", asked)
    owner, _, own = asked.rpartition(".")
    if owner in ("x", "a", "ndarray", "np.ndarray"):
        owner = ARRAY
    every = [entry for entries in tables.values() for entry in entries]
    for wanted in (owner, f"numpy.{owner}"):
        found = [entry for entry in every if entry.name == own and entry.owner == wanted]
        if found:
            return found
    return [entry for entry in every if entry.name == own] if not owner else []


def explained(entry: Entry) -> list[str]:
    """Lines about a name: how it is defined, its signature here, what is refused, an example."""
    real = _real(entry)
    lines = [f"{entry.full}: {entry.how}" + (f", {entry.place}" if entry.place else "")]
    about = (inspect.getdoc(real) or "").strip().split("\n\n")
    summary = [part for part in about[:3] if not re.match(r"[\w.]+\(.*\)", part)]
    if summary and not isinstance(real, ModuleType | float):
        lines.append("  " + " ".join(summary[0].split()))
    if entry.note:
        lines.append(f"  {entry.note}")
    if entry.how == PYTHON:
        lines += _signature(entry, real)
    if entry.how != ABSENT:
        lines += _example(real)
    return lines


def _real(entry: Entry) -> Any:
    if entry.owner == ARRAY:
        return getattr(np.ndarray, entry.name)
    if entry.owner == GENERATOR:
        return getattr(np.random.Generator, entry.name)
    return getattr(real_module(entry.owner), entry.name, None)


def _definition(place: str) -> ast.AST | None:
    """The statement at a place of the prelude; of `concat = concatenate`, that of the other."""
    file, _, line = place.rpartition(":")
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if node.lineno == int(line):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                return _definition(_place(node.value.id))
            return node
    return None


def _signature(entry: Entry, real: Any) -> list[str]:
    node = _definition(entry.place)
    if not isinstance(node, ast.FunctionDef):
        return []
    lines = [f"  signature: {entry.name}({ast.unparse(node.args)})"]
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    ours = {argument.arg for argument in every}
    refused = [] if node.args.vararg or entry.owner == ARRAY else [
        name for name in _parameters(real) if name not in ours]  # fmt: skip
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            if inner.func.id == "no_out":
                refused.append("out")
            elif inner.func.id == "unsupported":
                refused.append(_words(inner.args[0]))
    if refused:
        lines.append(f"  refused: {'; '.join(refused)}")
    return lines


def _words(node: ast.AST) -> str:
    """What a call of `unsupported` says, with `…` for what it fills in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)


def _parameters(real: Any) -> list[str]:
    try:
        parameters = inspect.signature(real).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one.name for one in parameters
            if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
            and one.name != "like"]  # fmt: skip


def _example(real: Any) -> list[str]:
    """The first example of NumPy's own manual."""
    text = inspect.getdoc(real) or ""
    lines = text[text.find(">>> ") :].splitlines() if ">>> " in text else []
    lines = lines[1:] if lines and lines[0] == ">>> import numpy as np" else lines
    taken: list[str] = []
    for line in lines:
        if not line.strip() or len(taken) == 8:
            break
        taken.append(line)
    return ["  example, of NumPy's manual:", *(f"    {line}" for line in taken)] if taken else []


# -- as text


def listed(tables: dict[str, list[Entry]], wanted: Callable[[Entry], bool]) -> list[str]:
    """A line for each name."""
    lines = []
    for owner, entries in tables.items():
        lines.append(f"{owner}: {covered(entries)} of {len(entries)} names")
        for entry in filter(wanted, entries):
            about = entry.place or entry.note
            lines.append(f"  {entry.name:24} {entry.how:9}  {about}".rstrip())
    return lines


def markdown(tables: dict[str, list[Entry]]) -> str:
    """The page docs/numpy.md."""
    lines = [
        "# NumPy's names", "",
        "What `fleet numpy --markdown` prints; the tests compare. `fleet numpy NAME` explains one.",
        "", *(f"- *{how}*: {text}" for how, text in MEANINGS.items()), "",
        "| of | there | of all |", "|---|---|---|",
        *(f"| `{owner}` | {covered(entries)} | {len(entries)} |"
          for owner, entries in tables.items()), "",
    ]  # fmt: skip
    for owner, entries in tables.items():
        lines += [f"## {owner}", ""]
        groups: dict[tuple[str, str], list[str]] = {}
        for entry in entries:
            file = entry.place.rpartition(":")[0]
            link = f"[{Path(file).name}](../{file})" if file else entry.note
            groups.setdefault((entry.how, link), []).append(f"`{entry.name}`")
        for how in MEANINGS:
            for (kind, link), names in sorted(groups.items()):
                if kind == how:
                    lines += [f"- *{how}*{', ' if link else ''}{link}: {', '.join(names)}"]
        lines.append("")
    return "\n".join(lines)
