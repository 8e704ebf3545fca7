"""Random kernels of linalg operations as text, with a `main` that calls them, and running them."""

from __future__ import annotations

from functools import partial
from random import Random

import numpy as np
import pytest

import fleet.codegen
import fleet.passes  # noqa: F401 - registers passes
from fleet.dialects import launch_execution
from fleet.dialects.loop.execution import compile_kernel
from fleet.ir.core import Operation
from fleet.ir.interpreter import Interpreter
from fleet.ir.parsing.parser import parse_module
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager

LOOP_PASSES = (
    "fuse-loops", "contract", "vectorise", "unroll-and-jam", "shrink-scratch", "expand-math"
)  # fmt: skip
VLENS = (None, 128)
SIZES = (0, 1, 2, 3, 5, 17, 33)
DTYPES = {"f32": np.float32, "f64": np.float64, "i32": np.int32, "i64": np.int64}


def execute(
    module: Operation, arrays: list, vlen: int | None = None, *, checked: bool = True
) -> list[np.ndarray]:
    """The results of `main`; launched kernels check their subscripts."""
    with pytest.MonkeyPatch.context() as patch:
        run = partial(compile_kernel, vlen=vlen, checked=checked)
        patch.setattr(launch_execution, "compile_kernel", run)
        inputs = [a.copy() if isinstance(a, np.ndarray) else a for a in arrays]
        return Interpreter(module).run("main", inputs)


def lowered(text: str, *passes: str) -> Operation:
    """The module after linalg-to-loop and the passes given, verified after each."""
    module = parse_module(text)
    PassManager(["linalg-to-loop", *passes]).run(module)
    return module


def assert_same(
    got: list[np.ndarray], expected: list[np.ndarray], what: object, single: bool = False
) -> None:
    """Equal up to rounding: of f32 where the results are, or (`single`) where anything is."""
    for mine, theirs in zip(got, expected, strict=True):
        assert mine.dtype == theirs.dtype and mine.shape == theirs.shape, what
        if mine.dtype.kind == "f":
            tolerance = 2e-5 if single or mine.dtype == np.float32 else 1e-12
            scale = max(1.0, float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=0.0)))
            np.testing.assert_allclose(
                mine, theirs, rtol=tolerance, atol=tolerance * scale, err_msg=str(what)
            )
        else:
            np.testing.assert_array_equal(mine, theirs, err_msg=str(what))


def assert_every_pass_keeps(
    text: str, arrays: list, expected: list[np.ndarray] | None = None
) -> None:
    """Lower the text pass by pass: every form reads back from its own text, verifies, and computes
    what linalg says (or `expected`), on every VLEN."""
    reference = Interpreter(parse_module(text)).run("main", [np.array(a) if isinstance(
        a, np.ndarray) else a for a in arrays])  # fmt: skip
    if expected is not None:
        assert_same(reference, expected, "linalg's executor")
    for count in range(len(LOOP_PASSES) + 1):
        module = lowered(text, *LOOP_PASSES[:count])
        printed = print_op(module)
        assert print_op(parse_module(printed)) == printed
        for vlen in VLENS if count >= 3 else (None,):
            got = execute(module, arrays, vlen)
            assert_same(got, reference, (LOOP_PASSES[:count], vlen, text), "f32" in text)


class RandomKernel:
    """A kernel of a few linalg.generic operations over named dimensions.

    text: the module. arrays: arguments for its `main`.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.generator = np.random.default_rng(seed)
        letters = "abcd"[: self.random.randint(1, 4)]
        self.sizes = {letter: self.random.choice(SIZES) for letter in letters}
        if np.prod([max(1, size) for size in self.sizes.values()]) > 1000:
            self.sizes = {letter: min(size, 5) for letter, size in self.sizes.items()}
        self.dynamic = {letter for letter in letters if self.random.random() < 0.6}
        self.tensors: list[tuple[str, str, str]] = []  # name, letters, element
        self.arguments: list[tuple[str, str]] = []
        self.arrays: list = []
        self.lines: list[str] = []
        self.count = 0
        for _ in range(self.random.randint(1, 3)):
            self._argument(self._some_letters(), self.random.choice(list(DTYPES)))
        operations = self.random.randint(1, 4)
        results: list[tuple[str, str]] = []
        dests: list[tuple[str, str, np.ndarray]] = []
        for number in range(operations):
            is_result = number == operations - 1 or self.random.random() < 0.2
            name, letters, element, dest = self._operation(is_result)
            if is_result:
                results.append((name, self.type(letters, element)))
                dests.append((dest, self.type(letters, element), self._data(letters, element)))
            self.tensors.append((name, letters, element))
        self._finish(results, dests)

    def type(self, letters: str, element: str) -> str:
        dims = "".join(
            f"{'?' if letter in self.dynamic else self.sizes[letter]}x" for letter in letters
        )
        return f"tensor<{dims}{element}>"

    def fresh(self) -> str:
        self.count += 1
        return f"%v{self.count}"

    def _some_letters(self) -> str:
        letters = [letter for letter in self.sizes if self.random.random() < 0.7]
        self.random.shuffle(letters)
        return "".join(letters)

    def _data(self, letters: str, element: str) -> np.ndarray:
        shape = [self.sizes[letter] for letter in letters]
        if element.startswith("f"):
            return np.asarray(self.generator.normal(size=shape), DTYPES[element])
        return np.asarray(self.generator.integers(-9, 9, shape), DTYPES[element])

    def _argument(self, letters: str, element: str) -> None:
        name = self.fresh()
        self.tensors.append((name, letters, element))
        self.arguments.append((name, self.type(letters, element)))
        self.arrays.append(self._data(letters, element))

    def _operation(self, is_result: bool) -> tuple[str, str, str, str]:
        """One linalg.generic; its result's name, letters and element, and its destination."""
        random = self.random
        chosen = random.sample(self.tensors, min(len(self.tensors), random.randint(1, 3)))
        loops = list(dict.fromkeys("".join(letters for _, letters, _ in chosen)))
        random.shuffle(loops)
        element = random.choice(list(DTYPES))
        reduced = {letter for letter in loops if random.random() < 0.4}
        out = [letter for letter in loops if letter not in reduced]
        random.shuffle(out)
        combine, start = self._combination(element) if reduced else ("", "")
        place, result = self.fresh(), self.fresh()
        out_type = self.type("".join(out), element)
        if not is_result:
            sizes = ", ".join(f"%n{letter}" for letter in out if letter in self.dynamic)
            self.lines.append(f"{place} = tensor.empty({sizes}) : {out_type}")
        init = place
        if reduced and random.random() < 0.8 or not is_result:
            init, constant = self.fresh(), self.fresh()
            self.lines.append(
                f"{constant} = arith.constant {start or self._zero(element)} : {element}"
            )
            self.lines.append(
                f"{init} = linalg.fill ins({constant} : {element}) outs({place} : {out_type})"
                f" -> {out_type}"
            )
        self._generic(result, chosen, loops, reduced, out, element, combine, init)
        return result, "".join(out), element, place

    def _generic(self, result, chosen, loops, reduced, out, element, combine, init) -> None:
        def map_of(letters) -> str:
            dims = ", ".join(f"d{i}" for i in range(len(loops)))
            return f"affine_map<({dims}) -> ({', '.join(f'd{loops.index(x)}' for x in letters)})>"

        maps = ", ".join(map_of(x) for x in [*(names for _, names, _ in chosen), out])
        kinds = ", ".join('"reduction"' if x in reduced else '"parallel"' for x in loops)
        types = [self.type(letters, e) for _, letters, e in chosen]
        out_type = self.type("".join(out), element)
        body: list[str] = []
        values = [
            self._converted(body, f"%in{i}", e, element) for i, (_, _, e) in enumerate(chosen)
        ]
        if loops and self.random.random() < 0.3:
            values.append(self._subscript(body, self.random.randrange(len(loops)), element))
        while len(values) > 1:
            values = [self._step(body, element, values[0], values[1]), *values[2:]]
        value = values[0]
        if element.startswith("f") and self.random.random() < 0.3:
            squashed = self.fresh()
            body.append(f"{squashed} = math.tanh {value} : {element}")
            value = squashed
        if combine:
            total = self.fresh()
            body.append(f"{total} = arith.{combine} %acc, {value} : {element}")
            value = total
        arguments = [f"%in{i}: {e}" for i, (_, _, e) in enumerate(chosen)] + [f"%acc: {element}"]
        self.lines += [
            f"{result} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}"
            f" ins({', '.join(n for n, _, _ in chosen)} : {', '.join(types)})"
            f" outs({init} : {out_type}) {{",
            f"^bb0({', '.join(arguments)}):",
            *(f"  {line}" for line in body),
            f"  linalg.yield {value} : {element}",
            f"}} -> {out_type}",
        ]

    def _combination(self, element: str) -> tuple[str, str]:
        if element.startswith("f"):
            lowest = "0xFF800000" if element == "f32" else "0xFFF0000000000000"
            return self.random.choice([("addf", "0.0"), ("maximumf", lowest), ("addf", "1.5")])
        return self.random.choice([("addi", "0"), ("maxsi", "-100"), ("xori", "5")])

    def _zero(self, element: str) -> str:
        return "0.0" if element.startswith("f") else "0"

    def _converted(self, body: list[str], name: str, source: str, target: str) -> str:
        if source == target:
            return name
        if source.startswith("f") and target.startswith("i"):
            # Only whole numbers in range are converted: a comparison.
            zero, flag, made = self.fresh(), self.fresh(), self.fresh()
            body.append(f"{zero} = arith.constant 0.25 : {source}")
            body.append(f"{flag} = arith.cmpf ogt, {name}, {zero} : {source}")
            body.append(f"{made} = arith.extui {flag} : i1 to {target}")
            return made
        made = self.fresh()
        wider = int(target[1:]) > int(source[1:])
        match source[0] + target[0]:
            case "ff":
                cast = "extf" if wider else "truncf"
            case "if":
                cast = "sitofp"
            case _:
                cast = "extsi" if wider else "trunci"
        body.append(f"{made} = arith.{cast} {name} : {source} to {target}")
        return made

    def _subscript(self, body: list[str], dim: int, element: str) -> str:
        place, made = self.fresh(), self.fresh()
        body.append(f"{place} = linalg.index {dim} : index")
        body.append(f"{made} = arith.index_cast {place} : index to i64")
        return self._converted(body, made, "i64", element)

    def _step(self, body: list[str], element: str, a: str, b: str) -> str:
        made = self.fresh()
        floats, integers = ("addf", "mulf", "subf", "minimumf"), ("addi", "muli", "subi", "minsi")
        name = self.random.choice(floats if element.startswith("f") else integers)
        body.append(f"{made} = arith.{name} {a}, {b} : {element}")
        return made

    def _finish(self, results, dests) -> None:
        arguments = [f"{name}: {type}" for name, type in self.arguments]
        arguments += [f"{name}: {type}" for name, type, _ in dests]
        sizes = [f"%n{letter}: index" for letter in sorted(self.dynamic)]
        types = ", ".join(type for _, type in results)
        names = ", ".join(name for name, _ in results)
        header = f"({', '.join([*arguments, *sizes])}) -> ({types})"
        passed = [a.split(":")[0] for a in [*arguments, *sizes]]
        all_types = [t for _, t in self.arguments] + [t for _, t, _ in dests]
        all_types += ["index"] * len(sizes)
        self.arrays += [data for _, _, data in dests]
        self.arrays += [self.sizes[letter] for letter in sorted(self.dynamic)]
        lines = "\n    ".join(self.lines)
        self.text = f"""
func.func private @kernel{header} attributes {{kernel}} {{
    {lines}
    return {names} : {types}
}}
func.func @main{header} {{
    %r:{len(results)} = call @kernel({", ".join(passed)}) : ({", ".join(all_types)}) -> ({types})
    return {", ".join(f"%r#{i}" for i in range(len(results)))} : {types}
}}
"""
