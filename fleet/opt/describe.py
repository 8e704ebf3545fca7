"""What declarations know, for a reader: `fleet opt --list`, `fleet opt --describe NAME`.

In: the name of an operation, dialect, pass or type. Out: a text. The one idea: nothing is written
here twice. Summaries are the strings below the declarations in the dialects' files, which are read
there, or lines of `examples/summaries.txt`; the rest is the declaration itself.
"""

from __future__ import annotations

import ast
import difflib
import functools
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from types import ModuleType

from fleet.diagnostics import FleetError
from fleet.dialects import rv
from fleet.ir import types
from fleet.ir.attribute_kinds import AttributeSlot
from fleet.ir.definition import DIALECTS, OpDef, Slot, definition_of
from fleet.ir.parsing.parser import Parser
from fleet.ir.patterns import rule_name
from fleet.ir.rewriting.passes import PASSES, Pass
from fleet.ir.rewriting.pipeline import option_name, option_text
from fleet.opt.examples import FOLDER, example_of, example_of_type

_ARITY = {"": "", "*": ", any number", "?": ", optional"}
_TYPES: dict[str, tuple[type, str]] = {
    "integer": (types.IntegerType, "i32"),
    "index": (types.IndexType, "index"),
    "float": (types.FloatType, "f32"),
    "none": (types.NoneType, "none"),
    "function": (types.FunctionType, "(f32, index) -> i1"),
    "tensor": (types.TensorType, "tensor<?x768xf32>"),
    "memref": (types.MemRefType, "memref<?x64xf32, strided<[192, 1], offset: ?>>"),
    "vector": (types.VectorType, "vector<[8]xf32>"),
    "dialect": (types.DialectType, "!rv.v<m4>"),
}
"""The kinds of types: the class, and one of them."""


# -- everything


def overview() -> str:
    """Every dialect with its operations, every pass, every kind of type."""
    parts = []
    for name, dialect in sorted(DIALECTS.items()):
        names = " ".join(sorted(dialect.ops))
        parts.append(f"dialect {name}: {_first_line(_dialect_text(name))}\n{_filled(names, 4)}")
        if dialect is rv.RV:
            parts.append("    and every instruction of the table (fleet opt --describe rv.add)\n")
    parts.append("passes:\n")
    parts += [f"    {name:<21} {entry.description}\n" for name, entry in sorted(PASSES.items())]
    parts.append(f"types:\n{_filled(' '.join(_TYPES), 4)}")
    return "".join(parts)


def describe(name: str) -> str:
    """All that is known of a name. Raises FleetError for one that nothing has."""
    if name in PASSES:
        return _pass_text(PASSES[name])
    if name in DIALECTS:  # `tensor` is a kind of types as well
        return _whole_dialect(name) + ("\n" + _type_text(name) if name in _TYPES else "")
    definition = definition_of(name) if "." in name and not name.startswith("!") else None
    if definition is not None:
        return _operation_text(definition)
    found = _type_text(name)
    if found is not None:
        return found
    known = [*PASSES, *DIALECTS, *_TYPES, *operation_names()]
    close = difflib.get_close_matches(name, known, n=1)
    raise FleetError(
        f"there is no operation, dialect, pass or type {name!r}",
        hint=f"did you mean {close[0]!r}?" if close else "fleet opt --list names them all",
    )


def operation_names() -> list[str]:
    """The full names of all declared operations, instructions of the table left out."""
    return [f"{name}.{op}" for name, dialect in DIALECTS.items() for op in dialect.ops]


# -- operations


def _operation_text(definition: OpDef) -> str:
    summary = summary_of(definition)
    parts = [f"{definition.name}\n\n", textwrap.indent(summary, "  ") + "\n\n"]
    parts += _rows("operands", [_slot_text(slot) for slot in definition.operands])
    parts += _rows("results", [_slot_text(slot) for slot in definition.results])
    parts += _rows(
        "attributes",
        [_attribute_text(slot) for slot in definition.attributes.values()],
    )
    if definition.regions:
        parts += _rows("regions", [str(definition.regions) if definition.regions > 0 else "any"])
    if definition.successors:
        parts += _rows("successors", ["the blocks that may come next"])
    parts += _rows("types", [equation.text for equation in definition.type_equations])
    parts += _rows("traits", sorted(definition.traits))
    parts += _rows("interfaces", list(_interfaces(definition)))
    parts += _rows("assembly format", [_format_text(definition)])
    parts += _rows("verifier", list(_verifiers(definition)))
    parts.append("example\n" + textwrap.indent(example_of(definition), "  "))
    return "".join(parts)


def _rows(title: str, rows: list[str]) -> list[str]:
    return [title + "\n", *(textwrap.indent(row, "  ") + "\n" for row in rows)] if rows else []


def _slot_text(slot: Slot) -> str:
    return f"{slot.name}: {slot.constraint}{_ARITY[slot.arity]}"


def _attribute_text(slot: AttributeSlot) -> str:
    return f"{slot.name}: {slot.kind}{'' if slot.required else ', optional'}"


def _interfaces(definition: OpDef) -> Iterator[str]:
    """What the operation answers when a pass asks it."""
    asked = {
        "infers the types of its results": definition.infer,
        "folds to constants or values": definition.fold,
        "is executed": definition.execute,
        "makes its region itself": definition.body,
    }
    yield from (what for what, hook in asked.items() if hook is not None)
    for kind in definition.interfaces:
        about, _, _ = (inspect.getdoc(kind) or "").replace("\n", " ").partition(". ")
        yield f"{kind.__name__}: {about.rstrip('.')}"
    if definition.patterns:
        names = ", ".join(rule_name(rule).rpartition(".")[2] for rule in definition.patterns)
        yield f"is simplified by {names}"


def _format_text(definition: OpDef) -> str:
    if definition.format is not None:
        return definition.format
    if definition.print is not None:
        return inspect.getdoc(definition.print) or "its own, in words of its own"
    return "MLIR's generic form"


def _verifiers(definition: OpDef) -> Iterator[str]:
    """What the verifier checks beside operands, results, attributes and traits."""
    for hook in (definition.verifier, definition.symbol_verifier):
        if hook is not None:
            yield inspect.getdoc(hook) or f"{hook.__module__}.{hook.__qualname__}"


def summary_of(definition: OpDef) -> str:
    """The string below its declaration; else of an instruction its row of the table, and of others
    what their dialect is."""
    dialect = definition.name.partition(".")[0]
    for module in _modules(dialect):
        found = _summaries(module).get(definition.name)
        if found:
            return found
    found = _short_summaries().get(definition.name)
    if found:
        return found
    encoding = rv.encodings().get(definition.name.removeprefix("rv.")) if dialect == "rv" else None
    if encoding is not None:
        return f"The instruction `{encoding.mnemonic} {', '.join(encoding.pieces)}`."
    return f"Of {_first_line(_dialect_text(dialect))}"


@functools.cache
def _short_summaries() -> dict[str, str]:
    """Summaries of operations whose names say nearly all: `NAME  SUMMARY` a line."""
    lines = (FOLDER / "summaries.txt").read_text(encoding="utf-8").splitlines()
    return {name: text.strip() for name, _, text in (line.partition(" ") for line in lines)}


@functools.cache
def _modules(dialect: str) -> tuple[ModuleType, ...]:
    """The module that declares a dialect's operations."""
    return (importlib.import_module(f"fleet.dialects.{dialect}"),)


@functools.cache
def _summaries(module: ModuleType) -> dict[str, str]:
    """The strings that stand below declarations, by the operations that these declare."""
    body = ast.parse(inspect.getsource(module)).body
    found: dict[str, str] = {}
    for statement, following in zip(body, body[1:], strict=False):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                declared = getattr(module, name, None)
                group = declared if isinstance(declared, list) else [declared]
                group = declared.values() if isinstance(declared, dict) else group
                for one in group:
                    if isinstance(one, OpDef):
                        found[one.name] = inspect.cleandoc(text)
    return found


# -- dialects, passes, types


def _dialect_text(name: str) -> str:
    """The docstring of the module that declares a dialect, without the name at its beginning."""
    text = inspect.cleandoc(_modules(name)[0].__doc__ or "")
    return text.removeprefix(f"`{name}`: ")


def _whole_dialect(name: str) -> str:
    rows = [
        f"{definition.name}: {_first_line(summary_of(definition))}"
        for _, definition in sorted(DIALECTS[name].ops.items())
    ]
    text = textwrap.indent(_dialect_text(name), "  ")
    return f"dialect {name}\n\n{text}\n\n" + "".join(_rows("operations", rows))


def _pass_text(entry: Pass) -> str:
    module = importlib.import_module(entry.function.__module__)
    options = [
        f"{option_name(field.name)}={option_text(field.default)}: {field.metadata['description']}"
        for field in entry.fields()
    ]
    text = textwrap.indent(inspect.cleandoc(module.__doc__ or entry.description), "  ")
    head = f"pass {entry.name}: {entry.description}\n\n{text}\n\n"
    step = entry.name
    return head + "".join(
        [*_rows("options", options), *_rows("example", [f"fleet opt FILE --{step}"])]
    )


def _type_text(name: str) -> str | None:
    """Of a kind of types (`tensor`), or of a type as it is spelled (`tensor<4xf32>`)."""
    spelled = _TYPES[name][1] if name in _TYPES else name
    try:
        parser = Parser(spelled, "the type")
        parsed = parser.type()
    except FleetError:
        return None
    if parser.token.kind != "end":
        return None
    cls = next(cls for cls, _ in _TYPES.values() if isinstance(parsed, cls))
    doc = textwrap.indent(inspect.cleandoc(cls.__doc__ or ""), "  ")
    values = [f"{field}: {getattr(parsed, field)}" for field in getattr(cls, "__match_args__", ())]
    return "".join(
        [f"type {parsed}\n\n{doc}\n\n", *_rows("parameters", values),
         "example\n" + textwrap.indent(example_of_type(parsed), "  ")]
    )  # fmt: skip


# -- text


def _first_line(text: str) -> str:
    """The first sentence, or what of it stands on the first line."""
    return text.split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".") + "."


def _filled(text: str, indent: int) -> str:
    pad = " " * indent
    return textwrap.fill(text, 96, initial_indent=pad, subsequent_indent=pad) + "\n"
