"""Random arrays as source text: every dtype, ranks 0 to 3, no elements, axes of size 1, views."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from math import prod

FLOATS = ["float16", "float32", "float64"]
REALS = [
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", *FLOATS,
]  # fmt: skip
DTYPES = [*REALS, "complex64", "complex128"]
USUAL = ["float64", "int64", "float32", "bool", "int32"]
LENGTHS = [0, 1, 1, 2, 3, 3, 4, 5]
RANKS = [0, 1, 1, 1, 2, 2, 2, 3]

Shape = tuple[int, ...]


@dataclass
class Maker:
    """Makes arrays; lines: the statements that do it. shapes: name -> shape.

    run_time: how many of those with an axis get a length that only run time knows, by `[:N]`.
    """

    random: random.Random
    run_time: float = 0.0
    lines: list[str] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    dtypes: dict[str, str] = field(default_factory=dict)

    def shape(self) -> Shape:
        return tuple(self.random.choice(LENGTHS) for _ in range(self.random.choice(RANKS)))

    def element(self, dtype: str) -> str:
        r = self.random
        if dtype == "bool":
            return r.choice(["True", "False"])
        if dtype.startswith("complex"):
            parts = [r.randrange(-8, 8) / r.choice([1, 2, 4]) for _ in range(2)]
            return repr(complex(*parts))
        if dtype in FLOATS:
            if r.random() < 0.06:
                return r.choice(["np.nan", "np.inf", "-np.inf", "-0.0"])
            return str(r.choice([0.0, 1.0, -1.0, 2.5, 0.5, -3.25, 7.0, r.randrange(-64, 64) / 8]))
        bits, low = int(dtype.lstrip("uint")), 0
        high = 2**bits - 1
        if dtype[0] == "i":
            low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        if r.random() < 0.08:
            return str(r.choice([low, high]))
        return str(r.choice([0, 1, 2, 3, 9, r.randrange(max(low, -99), min(high, 99))]))

    def nested(self, shape: Shape, dtype: str) -> str:
        if not shape:
            return self.element(dtype)
        return f"[{', '.join(self.nested(shape[1:], dtype) for _ in range(shape[0]))}]"

    def source(self, shape: Shape, dtype: str) -> str:
        reshaped = f".reshape({shape})" if len(shape) > 1 and prod(shape) == 0 else ""
        return f"np.array({self.nested(shape, dtype)}, np.{dtype}){reshaped}"

    def array(self, shape: Shape | None = None, dtype: str | None = None) -> str:
        """The name of a new array, some of them views."""
        r = self.random
        shape = self.shape() if shape is None else shape
        dtype = r.choice(DTYPES if r.random() < 0.5 else USUAL) if dtype is None else dtype
        text, how = self.source(shape, dtype), r.random()
        if shape and how < 0.08:
            text = self.source(shape[::-1], dtype) + ".T"
        elif shape and how < 0.16:
            text += r.choice(["[::-1]", "[..., ::-1]"])
        elif shape and how < 0.24:
            text = self.source((*shape[:-1], 2 * shape[-1]), dtype) + "[..., ::2]"
        if shape and r.random() < self.run_time:
            text += "[:N]"
        return self.named(text, shape, dtype)

    def named(self, text: str, shape: Shape, dtype: str) -> str:
        name = f"x{len(self.shapes)}"
        self.lines.append(f"{name} = {text}")
        self.shapes[name], self.dtypes[name] = shape, dtype
        return name

    def near(self, name: str) -> Shape:
        """A shape that broadcasts with this array's, mostly."""
        r, shape = self.random, self.shapes[name]
        if r.random() < 0.07:
            return self.shape()
        made = tuple(1 if r.random() < 0.2 else n for n in shape)
        return made[r.randrange(len(made)) :] if made and r.random() < 0.25 else made

    def positions(self, name: str) -> str:
        """Indices into an array, as a number or an array; some are out of bounds."""
        r, shape = self.random, self.shapes[name]
        if r.random() < 0.3:
            return str(r.choice([0, 1, -1, 2]))
        n = min(shape, default=1) + (2 if r.random() < 0.1 else 0)
        wanted = tuple(r.choice(LENGTHS) for _ in range(r.choice([0, 1, 1, 2])))
        flat = [r.randrange(-n, n) if n else 0 for _ in range(prod(wanted))]
        dtype = r.choice(["int64", "int64", "int32", "int8"])
        return self.named(f"np.array({flat}, np.{dtype}).reshape({wanted})", wanted, dtype)

    def subscript(self, name: str) -> str:
        """Slices, numbers, None, Ellipsis, lists and masks, mixed in any order."""
        r, shape = self.random, self.shapes[name]
        parts: list[str] = []
        count = r.choice([1, 2, 3])
        axis = 0
        while axis < len(shape) and r.random() < 0.85:
            n, what = shape[axis], r.random()
            axis += 1
            if what < 0.3:
                ends = [str(r.choice(["", "", r.randrange(-n - 1, n + 2)])) for _ in range(2)]
                parts.append(":".join(ends) + r.choice(["", "", ":-1", ":2", ":-2"]))
            elif what < 0.5:
                parts.append(str(r.randrange(-n, n) if n and r.random() < 0.95 else n))
            elif what < 0.6 and "..." not in parts:
                parts.append("...")
                axis -= r.randrange(0, 2)
            elif what < 0.7:
                parts.append("None")
                axis -= 1
            elif what < 0.9:
                parts.append(str([r.randrange(-n, n) if n else 0 for _ in range(count)]))
            else:
                parts.append(self.named(self.source((n,), "bool"), (n,), "bool"))
        return ", ".join(parts) or r.choice(["...", "()", ":"])
