"""Random functions over virtual registers: loops, branches, and more live values than registers."""

from __future__ import annotations

import random

from fleet.dialects import func, rv
from fleet.ir.attributes import UnitAttr
from fleet.ir.builder import Builder
from fleet.ir.core import Block, Operation, Region, Value
from fleet.ir.types import FunctionType, Type

GROUPS = ("m1", "m2", "m4", "m8")


def new_function(arguments: int, name: str = "f") -> tuple[Operation, Block]:
    """An empty kernel with integer arguments; those in registers are the block's arguments."""
    types = [rv.x(f"a{n}") for n in range(min(arguments, 8))]
    block = Block(types)
    function = func.func(
        regions=[Region([block])], sym_name=name, function_type=FunctionType(tuple(types), ()),
        kernel=UnitAttr(),
    )  # fmt: skip
    return function, block


class RandomFunction:
    """Grows a function from a seed. `crowd`: about how many values of each kind live at once."""

    def __init__(self, seed: int, crowd: int, arguments: int, vectors: bool = True) -> None:
        self.random = random.Random(seed)
        self.crowd = crowd
        self.vectors = vectors
        self.function, block = new_function(arguments)
        self.region = self.function.regions[0]
        self.builder = Builder(block)
        self.pool: dict[Type, list[Value]] = {}
        for argument in block.arguments:
            self.keep(self.builder.value(rv.copy, argument, types=[rv.X]))
        for index in range(8, arguments):
            self.keep(self.builder.value(rv.argument, types=[rv.X], index=index))
        for n in range(4):
            self.keep(self.builder.value(rv.li, types=[rv.X], value=n * 37 - 50))
        for _ in range(3):
            self.make("fmv.d.x", self.pick(rv.X), to=rv.F)
        if vectors:
            for group in GROUPS:
                for _ in range(2):
                    self.make("vmv.v.x", self.pick(rv.X), [], to=rv.v(group))
            self.make("vmseq.vv", *self.pair("m2"), [], to=rv.MASK)

    def keep(self, value: Value) -> Value:
        held = self.pool.setdefault(value.type, [])
        held.append(value)
        limit = self.crowd if rv.is_kind("x", value.type) else self.crowd // 2 + 1
        if rv.is_kind("v", value.type):
            limit = max(3, self.crowd // 5)
        if len(held) > limit:
            held.pop(self.random.randrange(len(held)))
        return value

    def pick(self, type: Type) -> Value:
        return self.random.choice(self.pool[type])

    def pair(self, group: str) -> tuple[Value, Value]:
        return self.pick(rv.v(group)), self.pick(rv.v(group))

    def make(self, mnemonic: str, *operands, to: Type, **attributes) -> Value:
        return self.keep(
            self.builder.value(rv.op(mnemonic), *operands, types=[to], **attributes)
        )

    def operation(self) -> None:
        """Append one random instruction."""
        choice = self.random.random()
        if choice < 0.4 or not self.vectors:
            self.scalar()
        else:
            self.vector()

    def scalar(self) -> None:
        pick = self.pick
        match self.random.randrange(8):
            case 0 | 1 | 2:
                name = self.random.choice("add sub xor mul sltu".split())
                self.make(name, pick(rv.X), pick(rv.X), to=rv.X)
            case 3:
                self.make("addi", pick(rv.X), imm=self.random.randrange(-9, 9), to=rv.X)
            case 4:
                self.keep(self.builder.value(rv.li, types=[rv.X], value=self.random.randrange(99)))
            case 5:
                self.make("fmadd.d", pick(rv.F), pick(rv.F), pick(rv.F), to=rv.F)
            case 6:
                self.make("fmv.d.x", pick(rv.X), to=rv.F)
            case 7:
                self.make("fmv.x.d", pick(rv.F), to=rv.X)

    def vector(self) -> None:
        pick = self.pick
        group = self.random.choice(GROUPS)
        type = rv.v(group)
        a, b = self.pair(group)
        masked = [pick(rv.MASK)] if self.random.random() < 0.4 else []
        old = [pick(type)] if self.random.random() < 0.4 else []
        match self.random.randrange(10):
            case 0 | 1:
                self.make("vadd.vv", a, b, old + masked, to=type)
            case 2:
                self.make("vfadd.vf", a, pick(rv.F), old + masked, to=type)
            case 3 | 4:
                self.make("vfmacc.vf", pick(type), pick(rv.F), b, masked, to=type)
            case 5:
                self.make("vmseq.vv", a, b, masked, to=rv.MASK)
            case 6 if group != "m8":
                double = {"m1": "m2", "m2": "m4", "m4": "m8"}[group]
                old = [pick(rv.v(double))] if old else []
                self.make("vwadd.vv", a, b, old + masked, to=rv.v(double))
            case 7:
                self.make("vmerge.vvm", a, b, pick(rv.MASK), [], to=type)
            case 8:
                self.make("vredsum.vs", a, pick(rv.v("m1")), masked, to=rv.v("m1"))
            case _:
                self.make("vrgather.vv", a, b, old + masked, to=type)

    def body(self, size: int, depth: int) -> None:
        """Append instructions, loops and branches."""
        for _ in range(size):
            choice = self.random.random()
            if depth and choice < 0.06:
                self.loop(size, depth)
            elif depth and choice < 0.12:
                self.branch(size, depth)
            else:
                self.operation()

    def _saved(self) -> dict[Type, list[Value]]:
        return {type: list(values) for type, values in self.pool.items()}

    def _carried(self) -> list[Value]:
        everything = [value for values in self.pool.values() for value in values]
        count = self.random.randrange(min(len(everything), 12))
        return self.random.sample(everything, count)

    def _jump(self, target: Block, types: list[Type]) -> None:
        self.builder.create(rv.j, [self.pick(type) for type in types], successors=[target])

    def loop(self, size: int, depth: int) -> None:
        """A loop of a few turns that carries some of the values, and passes them on."""
        carried = self._carried()
        types = [value.type for value in carried]
        turns = self.builder.value(rv.li, types=[rv.X], value=self.random.randrange(1, 4))
        head, again, done, after = (self.region.add_block() for _ in range(4))
        self.builder.create(rv.j, [turns, *carried], successors=[head])
        counter = head.add_argument(rv.X)
        saved = self._saved()
        self._enter(head, types)
        self.body(size // 2, depth - 1)
        if self.random.random() < 0.3 and len(types) > 1:  # a swap
            values = list(reversed(head.arguments[1:]))
            if [v.type for v in values] != types:
                values = [self.pick(type) for type in types]
        else:
            values = [self.pick(type) for type in types]
        less = self.builder.value(rv.op("addi"), counter, types=[rv.X], imm=-1)
        zero = self.builder.value(rv.register, types=[rv.ZERO])
        self.builder.create(rv.op("bne"), less, zero, successors=[again, done])
        self.builder = Builder(again)
        self.builder.create(rv.j, [less, *values], successors=[head])
        self.builder = Builder(done)
        self.builder.create(rv.j, values, successors=[after])
        self.pool = saved
        self._move_last([again, done, after])
        self._enter(after, types)

    def branch(self, size: int, depth: int) -> None:
        """An if with an else, each passing some values on."""
        types = [value.type for value in self._carried()]
        then, other, after = (self.region.add_block() for _ in range(3))
        self.builder.create(
            rv.op("blt"), self.pick(rv.X), self.pick(rv.X), successors=[then, other]
        )
        saved = self._saved()
        for block in (then, other):
            self.pool = {type: list(values) for type, values in saved.items()}
            self._move_last([block])
            self.builder = Builder(block)
            self.body(size // 3, depth - 1)
            self._jump(after, types)
        self.pool = saved
        self._move_last([after])
        self._enter(after, types)

    def _enter(self, block: Block, types: list[Type]) -> None:
        self.builder = Builder(block)
        for type in types:
            self.keep(block.add_argument(type))

    def _move_last(self, blocks: list[Block]) -> None:
        for block in blocks:
            self.region.blocks.remove(block)
            self.region.blocks.append(block)

    def finish(self) -> Operation:
        """Store everything that is still alive."""
        base = self.builder.value(rv.li, types=[rv.X], value=1 << 20)
        for type, values in self.pool.items():
            for value in values:
                if rv.is_kind("x", type):
                    self.builder.create(rv.op("sd"), value, base, imm=0)
                elif rv.is_kind("f", type):
                    self.builder.create(rv.op("fsd"), value, base, imm=8)
                else:
                    self.builder.create(rv.op("vse8.v"), value, base, [])
        self.builder.create(rv.ret)
        return self.function


def random_function(
    seed: int, crowd: int = 20, size: int = 30, depth: int = 3, arguments: int = 5,
    vectors: bool = True,
) -> Operation:  # fmt: skip
    growing = RandomFunction(seed, crowd, arguments, vectors)
    growing.body(size, depth)
    return growing.finish()
