"""Seeded random programs of NumPy operations on traced arrays, and how to judge passes by them.

In: a seed. Out: a module with `@main` and arguments for it. Shapes are small, some dimensions are
dynamic; dtypes are those that Fleet has. What a pass must not change is what the module computes:
`check_stages` runs it before and after each pass.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tracing as t
from pipeline_stages import STAGES_TO_KERNELS
from tracing import Array

import fleet.passes  # noqa: F401 - registers the passes
from fleet.diagnostics import FleetError, ProgramError
from fleet.ir.core import Operation, Value
from fleet.ir.interpreter import Interpreter
from fleet.ir.printing.printer import print_op
from fleet.ir.rewriting.passes import PassManager
from fleet.ir.types import TensorType, element_type

FLOATS = (np.float32, np.float64)
SIGNED = (np.int8, np.int16, np.int32, np.int64)
UNSIGNED = (np.uint8, np.uint16, np.uint32, np.uint64)
INTEGERS = "add sub mul max min mod floordiv and or xor lshift rshift".split()
ALL = (*FLOATS, *SIGNED, *UNSIGNED, np.bool_)


@dataclass
class Program:
    module: Operation
    arguments: list[np.ndarray]


class Maker:
    """Builds one random program. `pool` holds arrays that may be operands."""

    def __init__(self, seed: int, dtype: object, steps: int = 8) -> None:
        self.rng = np.random.default_rng(seed)
        self.dtype = np.dtype(dtype)
        self.steps = steps
        self.n = int(self.rng.integers(1, 6))
        self.sizes = {None: self.n}

    def program(self) -> Program:
        shapes: list[tuple[int | None, ...]] = [
            (None, 4), (None, 1), (4,), (3, None, 4), (None, None), (1, 4), (None,), (),
        ]  # fmt: skip
        types = [TensorType(shape, element_type(self.dtype)) for shape in shapes]
        module = t.module_of(self._body, types)
        return Program(module, [self.array(self._concrete(shape)) for shape in shapes])

    def _concrete(self, shape: Sequence[int | None]) -> tuple[int, ...]:
        return tuple(self.n if dim is None else dim for dim in shape)

    def array(self, shape: tuple[int, ...]) -> np.ndarray:
        if self.dtype.kind == "f":
            return self.rng.standard_normal(shape).astype(self.dtype)
        if self.dtype.kind == "b":
            return self.rng.integers(0, 2, shape).astype(bool)
        info = np.iinfo(self.dtype)
        low, high = max(info.min, -20), min(info.max, 20)
        return self.rng.integers(low, high, shape, endpoint=True).astype(self.dtype)

    def _body(self, *arguments: Array) -> list[Array]:
        self.pool = list(arguments)
        for _ in range(self.steps):
            made = self._step()
            if made is not None and made.type.rank <= 4:
                self.pool.append(made)
        return self.pool[len(arguments) :] or [arguments[0]]

    def pick(self, rank: int | None = None) -> Array:
        fitting = [a for a in self.pool if rank is None or a.type.rank >= rank]
        return fitting[int(self.rng.integers(len(fitting)))]

    def choose(self, options: Sequence) -> object:
        return options[int(self.rng.integers(len(options)))]

    def _step(self) -> Array | None:
        steps = [
            self.binary, self.binary, self.binary, self.unary, self.reduce, self.matmul,
            self.transpose, self.slice, self.concatenate, self.where, self.reshape, self.take,
            self.argmax, self.scalar, self.insert, self.arange, self.cumsum, self.full,
        ]  # fmt: skip
        return self.choose(steps)()

    # -- steps; each gives an array of the program's dtype

    def back(self, a: Array) -> Array:
        return a if a.dtype == self.dtype else a.astype(self.dtype)

    def _fits(self, a: Array, b: Array) -> bool:
        """Whether two shapes broadcast here (all dynamic sizes are n)."""
        for x, y in zip(reversed(a.shape), reversed(b.shape), strict=False):
            x, y = (self.n if dim is None else dim for dim in (x, y))
            if x != y and 1 not in (x, y):
                return False
        return True

    def partner(self, a: Array) -> Array:
        return self.choose([b for b in self.pool if self._fits(a, b)])

    def binary(self) -> Array:
        a = self.pick()
        b = self.partner(a)
        kind = self.dtype.kind
        compare = ["lt", "le", "gt", "ge", "eq", "ne"]
        names = {
            "f": ["add", "sub", "mul", "max", "min", "truediv", "mod", "floordiv"],
            "i": [*INTEGERS],
            "u": [*INTEGERS],
            "b": ["add", "mul", "and", "or", "xor", "max", "min"],
        }[kind]  # fmt: skip
        name = self.choose(names + compare)
        if name in ("max", "min"):
            return (t.maximum if name == "max" else t.minimum)(a, b)
        if name in ("eq", "ne"):
            return self.back((t.equal if name == "eq" else t.not_equal)(a, b))
        if name in ("lshift", "rshift"):
            b = t.minimum(t.maximum(b, 0), 70) if kind == "i" else b
        return self.back(getattr(a, f"__{name}__")(b))

    def unary(self) -> Array:
        names = {
            "f": ["negative", "absolute", "exp", "tanh", "floor", "ceil", "trunc", "rint", "isnan",
                  "sin", "cos", "expm1"],
            "i": ["negative", "absolute", "invert", "logical_not"],
            "u": ["negative", "invert", "logical_not", "absolute"],
            "b": ["logical_not", "invert"],
        }[self.dtype.kind]  # fmt: skip
        name = self.choose(names)
        a = self.pick()
        if name in ("exp", "expm1"):
            a = t.minimum(a, 3)
        return self.back(t.unary(name, a))

    def scalar(self) -> Array:
        a = self.pick()
        if self.dtype.kind == "b":
            return a & True
        if self.dtype.kind == "f":
            return self.choose([lambda: a * 0.5 + 1, lambda: 2 / (a * a + 1), lambda: a**3])()
        return self.choose([lambda: a * 3 + 1, lambda: a // 4, lambda: a % 3, lambda: a**2])()

    def reduce(self) -> Array:
        a = self.pick(1)
        count = int(self.rng.integers(1, a.type.rank + 1))
        axes = self.rng.permutation(a.type.rank)[:count].tolist()
        names = ["max", "min"] if self.dtype.kind == "b" else ["sum", "max", "min", "prod"]
        names += ["any", "all"] if self.dtype.kind == "b" else []
        keep = bool(self.rng.integers(2))
        if self.dtype.kind == "f":
            names.remove("prod")
        return self.back(t.reduce(self.choose(names), a, axes, keep))

    def argmax(self) -> Array:
        a = self.pick(1)
        axis = int(self.rng.integers(a.type.rank))
        return self.back(t.argmax(a, axis, least=bool(self.rng.integers(2))))

    def cumsum(self) -> Array | None:
        a = self.pick(1)
        if self.dtype.kind == "b":
            return None
        return t.cumsum(a, int(self.rng.integers(a.type.rank)))

    def matmul(self) -> Array | None:
        a = self.pick(1)
        k = self._concrete(a.shape)[-1]
        fitting = [
            b
            for b in self.pool
            if b.type.rank > 0
            and self._concrete(b.shape)[-2 if b.type.rank > 1 else 0] == k
            and (min(a.type.rank, b.type.rank) < 3 or self._batches_fit(a, b))
        ]
        if not fitting:
            return None
        made = t.matmul(a, self.choose(fitting))
        return made * 0.1 if self.dtype.kind == "f" else made

    def _batches_fit(self, a: Array, b: Array) -> bool:
        pairs = zip(self._concrete(a.shape)[-3::-1], self._concrete(b.shape)[-3::-1], strict=False)
        return all(x == y or 1 in (x, y) for x, y in pairs)

    def transpose(self) -> Array:
        a = self.pick(2)
        return t.transpose(a, self.rng.permutation(a.type.rank).tolist())

    def slice(self) -> Array:
        a = self.pick(1)
        keys = []
        for dim in a.shape:
            if dim is None or self.rng.integers(2):
                keys.append(slice(None))
            elif self.rng.integers(3) == 0 and dim:
                keys.append(int(self.rng.integers(dim)))
            else:
                start, stop = sorted(self.rng.integers(0, dim + 1, 2).tolist())
                step = self.choose([1, 1, 2, -1])
                keys.append(slice(start, stop, step) if step > 0 else slice(None, None, -1))
        made = a[tuple(keys)]
        return None if 0 in made.shape else made

    def insert(self) -> Array | None:
        dest = self.pick(1)
        if None in dest.shape:
            return None
        keys = []
        for dim in dest.shape:
            start = int(self.rng.integers(dim))
            keys.append(self.choose([slice(None), slice(start, None), slice(None, None, -1)]))
        shape = [len(range(*key.indices(dim))) for key, dim in zip(keys, dest.shape, strict=True)]
        return t.insert(t.constant(self.array(tuple(shape))), dest, keys)

    def concatenate(self) -> Array | None:
        a = self.pick(1)
        axis = int(self.rng.integers(a.type.rank))
        shape = self._concrete(a.shape)
        fitting = [
            b
            for b in self.pool
            if b.type.rank == a.type.rank
            and all(
                x == y or i == axis
                for i, (x, y) in enumerate(zip(shape, self._concrete(b.shape), strict=True))
            )
        ]
        return t.concatenate([a, self.choose(fitting), a], axis)

    def where(self) -> Array:
        a = self.pick()
        b = self.partner(a)
        return t.where(a > b if self.dtype.kind != "b" else a, a, b)

    def reshape(self) -> Array:
        a = self.pick(1)
        sizes: list[int | Value] = [
            dim if dim is not None else a.size(axis) for axis, dim in enumerate(a.shape)
        ]
        place = int(self.rng.integers(len(sizes) + 1))
        if isinstance(sizes[-1], int) and sizes[-1] % 2 == 0 and self.rng.integers(2):
            sizes[-1:] = [2, sizes[-1] // 2]
        else:
            sizes.insert(place, 1)
        return t.reshape(a, sizes)

    def take(self) -> Array | None:
        a = self.pick(1)
        axis = int(self.rng.integers(a.type.rank))
        size = self._concrete(a.shape)[axis]
        if size == 0:
            return None
        indices = self.rng.integers(0, 1 if a.shape[axis] is None else size, (2, 3))
        return t.take(a, t.constant(indices.astype(np.int64)), axis)

    def arange(self) -> Array:
        a = self.pick(1)
        dtype = np.int8 if self.dtype.kind == "b" else self.dtype
        made = t.arange(a.size(0) if a.shape[0] is None else a.shape[0], dtype, 1, 2)
        return self.back(made)

    def full(self) -> Array:
        a = self.pick(1)
        sizes = [d if d is not None else a.size(axis) for axis, d in enumerate(a.shape)]
        return t.full(1, sizes, self.dtype)


def run(module: Operation, arguments: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The results of `@main`; unsigned arrays are handed over as the types of the stage say."""
    (main,) = [op for op in module.body if op.get("sym_name") == "main"]
    given = [
        argument.view(np.dtype(f"i{argument.itemsize}"))
        if argument.dtype.kind == "u" and not str(value.type.element).startswith("u")
        else argument
        for argument, value in zip(arguments, main.body.arguments, strict=True)
    ]
    return [np.asarray(result) for result in Interpreter(module).run("main", given)]


def runnable(seed: int, dtype: type, **options: int) -> Program:
    """A random program that runs: of those that raise an error by themselves, another is taken."""
    for attempt in range(50):
        program = Maker(seed + 100_000 * attempt, dtype, **options).program()
        try:
            run(program.module, program.arguments)
        except (FleetError, ProgramError):  # such as a product whose sizes do not fit
            continue
        return program
    raise AssertionError(f"no program of {dtype} runs, from seed {seed} on")


def check_stages(program: Program, until: str = "kernels") -> None:
    """Run the module after every stage and compare with what it computed before the first."""
    expected = run(program.module, program.arguments)
    for name, passes in STAGES_TO_KERNELS:
        PassManager(list(passes)).run(program.module)
        for number, (want, got) in enumerate(
            zip(expected, run(program.module, program.arguments), strict=True)
        ):
            compare(want, got, f"after {name}, result {number}")
        if name == until:
            break


def compare(want: np.ndarray, got: np.ndarray, where: str) -> None:
    assert want.shape == got.shape, where
    if want.dtype.kind == "u":
        got = got.view(want.dtype)
    assert want.dtype == got.dtype, where
    if want.dtype.kind == "f":
        tolerance = 2e-5 if want.dtype == np.float32 else 1e-11
        scale = np.nanmax(np.abs(want[np.isfinite(want)]), initial=1.0)
        np.testing.assert_allclose(
            got, want, rtol=tolerance, atol=tolerance * scale, err_msg=where
        )
    else:
        np.testing.assert_array_equal(got, want, err_msg=where)


def mlir_opt(path: str, module: Operation, *, unregistered: bool = False) -> None:
    """Let mlir-opt verify the module's text."""
    options = ["--allow-unregistered-dialect"] if unregistered else []
    done = subprocess.run(
        [path, *options, "-o", "/dev/null", "-"],
        input=print_op(module), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[:3000]
