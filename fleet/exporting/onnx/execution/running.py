"""Graphs run: node after node, bodies for each round, inputs looked at before.

Raises FleetError with the place in the program that asked for the node at which it went wrong.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence

import numpy as np

from fleet.diagnostics import FleetError, Location
from fleet.exporting.onnx.execution import arithmetic, layout
from fleet.exporting.onnx.graph import Graph, Model, Node, ValueType
from fleet.exporting.onnx.schema import OPSET

OPERATORS = {**arithmetic.OPERATORS, **layout.OPERATORS}

Values = MutableMapping[str, np.ndarray]


def run_model(model: Model, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The outputs by name, of inputs by name.

    Raises FleetError for inputs that the model does not take, and for what goes wrong.
    """
    if model.opset != OPSET:
        raise FleetError(f"the model has operators of version {model.opset}, not {OPSET}",
                         hint="give a file that `fleet export` has written")  # fmt: skip
    graph = model.graph
    _check(graph, given)
    values: Values = ChainMap(dict(given), graph.initializers)
    with np.errstate(all="ignore"):
        made = _run(graph, values)
    return dict(zip(graph.outputs, made, strict=True))


def _check(graph: Graph, given: Mapping[str, np.ndarray]) -> None:
    """Raise FleetError for inputs of another number, dtype or shape."""
    for name in given:
        if name not in graph.inputs:
            raise FleetError(f"the model takes no `{name}`",
                             hint=f"it takes {_listed(graph.inputs)}")  # fmt: skip
    lengths: dict[str, int] = {}
    for name, type in graph.inputs.items():
        if name not in given:
            raise FleetError(f"the model's input `{name}` is missing",
                             hint=f"it takes {_listed(graph.inputs)}")  # fmt: skip
        array, shape = given[name], type.shape
        if array.dtype != type.dtype:
            raise FleetError(f"`{name}` is of {array.dtype}, and the model takes {type.dtype}")
        if shape is None:
            continue
        fits = array.ndim == len(shape)
        for dim, size in zip(shape, array.shape, strict=False):
            if dim is not None:
                wanted = dim if isinstance(dim, int) else lengths.setdefault(dim, size)
                fits = fits and wanted == size
        if not fits:
            raise FleetError(
                f"`{name}` has the shape {array.shape}, and the model takes {written(type)}",
                hint="lengths of one name are equal" if lengths else None,
            )


def written(type: ValueType) -> str:
    """`float32[n,768]`."""
    dims = ("?" if dim is None else str(dim) for dim in type.shape or ())
    return f"{type.dtype}[{','.join(dims)}]" if type.shape else type.dtype.name


def _listed(inputs: Mapping[str, ValueType]) -> str:
    return ", ".join(f"{name}: {written(type)}" for name, type in inputs.items()) or "none"


def _run(graph: Graph, values: Values) -> list[np.ndarray]:
    """The outputs of a graph in which these are known."""
    for node in graph.nodes:
        try:
            made = _node(node, values)
        except (ValueError, IndexError, ArithmeticError, TypeError) as error:
            raise FleetError(f"{node.op} `{node.name}`: {error}", _place(node)) from None
        for name, value in zip(node.outputs, made, strict=True):
            values[name] = value
    return [values[name] for name in graph.outputs]


def _place(node: Node) -> Location | None:
    told = node.metadata
    line, column = told.get("line", ""), told.get("column", "")
    if "file" not in told or not (line.isdigit() and column.isdigit()):
        return None
    return Location(told["file"], int(line), int(column) - 1)


def _node(node: Node, values: Values) -> Sequence[np.ndarray]:
    control = _CONTROL.get(node.op)
    if control is not None:
        return control(node, values)
    operator = OPERATORS.get(node.op)
    if operator is None:
        raise FleetError(f"the operator {node.op} is not one that `fleet export` writes")
    inputs = [values[name] if name else None for name in node.inputs]
    made = operator(node.attributes, *inputs)
    return [np.asarray(made)] if len(node.outputs) == 1 and not isinstance(made, list) else made


# -- control


def _if(node: Node, values: Values) -> list[np.ndarray]:
    (condition,) = node.inputs
    body = node.attributes["then_branch" if values[condition] else "else_branch"]
    return _run(body, ChainMap({}, values))


def _loop(node: Node, values: Values) -> list[np.ndarray]:
    """So many rounds at most, as long as the condition holds."""
    trips, condition, *starts = node.inputs
    body: Graph = node.attributes["body"]
    carried = [values[name] for name in starts]
    going = bool(values[condition]) if condition else True
    number = 0
    while going and (not trips or number < int(values[trips])):
        known = dict(zip(body.inputs, [np.array(number), np.array(going), *carried], strict=True))
        again, *carried = _run(body, ChainMap(known, values))
        going = bool(again)
        number += 1
    return carried


def _scan(node: Node, values: Values) -> list[np.ndarray]:
    """One input row by row; the last state, and the rows that come out, if any do."""
    state, rows = (values[name] for name in node.inputs)
    body: Graph = node.attributes["body"]
    (axis,) = node.attributes["scan_input_axes"]
    made: list[list[np.ndarray]] = []
    for row in np.moveaxis(rows, axis, 0):
        known = dict(zip(body.inputs, [state, row], strict=True))
        state, *out = _run(body, ChainMap(known, values))
        made.append(out)
    onto = node.attributes.get("scan_output_axes", [])
    wholes = [np.stack([out[at] for out in made], axis=place) if made else
              np.zeros(rows.shape, rows.dtype) for at, place in enumerate(onto)]  # fmt: skip
    return [state, *wholes]


_CONTROL = {"If": _if, "Loop": _loop, "Scan": _scan}
