"""Random NumPy programs, seeded: expressions over arrays of all dtypes and run-time shapes."""

from __future__ import annotations

import random

import numpy as np

_DTYPES = """bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64""".split()
_ARITHMETIC = ["+", "-", "*", "//", "%", "/", "**", "&", "|", "^", "<<", ">>"]
_COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
_CALLS = """
    np.sqrt(abs({})) np.exp({}*0.01) np.tanh({}) np.floor({}) np.negative({}) abs({})
    np.maximum({},{}) np.minimum({},{}) np.where({}>0,{},{}) np.square({}) np.sign({})
    np.clip({},1,5) np.isnan({}) np.logical_and({},{}) np.logical_not({}) np.mean({})
    np.sum({},axis=0) np.max({},axis=-1) np.var({}) {}.T {}.sum() {}.astype(np.float32)
    {}.reshape(-1) {}[0] {}[-1] {}[::-1] {}[1:] np.concatenate([{},{}]) np.stack([{},{}])
    np.expand_dims({},0) {}.mean(axis=0,keepdims=True) np.argmax({}) np.cumsum({}) np.any({})
    np.all({},axis=0) {}@np.ones(({}.shape[-1],2)) {}.max() np.std({},axis=0) np.hstack([{},{}])
    np.outer({},{}) np.round({}*0.5,1) {}.prod(axis=0) np.tril({}) np.zeros_like({})
    np.full_like({},3) np.dot({},{}.T) np.repeat({},2) {}.item(0) np.ptp({})
""".split()


class Generator:
    """Makes one program; the same seed makes the same program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: list[str] = []

    def program(self, n: int) -> str:
        """A program for the argument n; nine in ten statements that would fail are left out."""
        lines = ["import sys", "import numpy as np", "n = int(sys.argv[1])"]
        scope: dict[str, object] = {"np": np, "n": n}
        for number in range(3):
            self.add(lines, scope, f"a{number}", self.array())
        for number in range(8):
            name = f"x{number}"
            if self.add(lines, scope, name, self.expression(2)):
                lines.append(f"print({name}.dtype, {name}.shape, {name})")
        return "\n".join(lines) + "\n"

    def add(self, lines: list[str], scope: dict[str, object], name: str, value: str) -> bool:
        statement = f"{name} = {value}"
        try:
            with np.errstate(all="ignore"):
                exec(statement, scope)
        except Exception:
            if self.random.random() < 0.9:
                return False
        lines.append(statement)
        self.names.append(name)
        return True

    def array(self) -> str:
        dtype = self.random.choice(_DTYPES)
        rows, columns = self.random.choice(["n", "3", "1"]), self.random.choice(["n", "4", "1"])
        first = self.random.randrange(3)
        shape = self.random.choice([f"({rows}, {columns})", f"({rows},)"])
        made = f"(np.zeros({shape}, int) + {first} + np.arange({shape}[-1]))"
        if "n" not in shape:
            made = f"np.arange({first}, {first} + np.prod({shape})).reshape({shape})"
        return f"{made}.astype('{dtype}')"

    def expression(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.15:
            return self.random.choice(self.names)
        kind = self.random.random()
        if kind < 0.35:
            operator = self.random.choice(_ARITHMETIC)
            right = self.operand(depth - 1)
            if operator == "**" and right == "n":
                right = "2"  # NumPy's dtype for bool ** n depends on the value of n
            return f"({self.expression(depth - 1)} {operator} {right})"
        if kind < 0.45:
            operator = self.random.choice(_COMPARISONS)
            return f"({self.expression(depth - 1)} {operator} {self.operand(depth - 1)})"
        template = self.random.choice(_CALLS)
        parts = template.split("{}")
        filled = parts[0]
        for part in parts[1:]:
            filled += self.expression(depth - 1) + part
        return filled

    def operand(self, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.25:
            return str(self.random.choice([0, 1, 2, 3, 7, 200]))
        if kind < 0.4:
            return str(self.random.choice([0.5, 2.0, 1.5]))
        if kind < 0.5:
            dtype = self.random.choice(_DTYPES[1:])
            return f"np.{dtype}({self.random.randrange(4)})"
        if kind < 0.55:
            return "n"
        return self.expression(depth)
