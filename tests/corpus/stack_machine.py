# stdin: push 10
# stdin: store n
# stdin: push 1
# stdin: store acc
# stdin: loop:
# stdin: load n
# stdin: jz end
# stdin: load acc
# stdin: load n
# stdin: mul
# stdin: store acc
# stdin: load n
# stdin: push 1
# stdin: sub
# stdin: store n
# stdin: jmp loop
# stdin: end:
# stdin: load acc
# stdin: print
# stdin: push 5
# stdin: call double
# stdin: print
# stdin: halt
# stdin: double:
# stdin: dup
# stdin: add
# stdin: ret
"""A tiny stack VM with an assembler."""
import sys
from dataclasses import dataclass
from enum import Enum, auto
class Op(Enum):
    PUSH = auto(); ADD = auto(); SUB = auto(); MUL = auto(); DIV = auto(); DUP = auto(); SWAP = auto(); POP = auto()
    JMP = auto(); JZ = auto(); PRINT = auto(); HALT = auto(); LOAD = auto(); STORE = auto(); CALL = auto(); RET = auto(); LT = auto()
@dataclass(frozen=True)
class Instr:
    op: Op
    arg: "int | str | None" = None
class VMError(Exception):
    pass
class Assembler:
    def __init__(self): self.labels = {}; self.code = []
    def feed(self, line):
        line = line.split(";")[0].strip()
        if not line: return
        if line.endswith(":"):
            self.labels[line[:-1]] = len(self.code); return
        name, *rest = line.split()
        try: op = Op[name.upper()]
        except KeyError: raise VMError(f"unknown instruction {name}") from None
        arg = rest[0] if rest else None
        if arg is not None and arg.lstrip("-").isdigit(): arg = int(arg)
        self.code.append(Instr(op, arg))
    def link(self):
        return [Instr(i.op, self.labels[i.arg]) if i.op in (Op.JMP, Op.JZ, Op.CALL) else i for i in self.code]
class VM:
    def __init__(self, code, limit=10000):
        self.code, self.stack, self.calls, self.vars, self.pc, self.steps, self.limit = code, [], [], {}, 0, 0, limit
        self.table = {Op.ADD: lambda a, b: a + b, Op.SUB: lambda a, b: a - b, Op.MUL: lambda a, b: a * b, Op.DIV: lambda a, b: a // b, Op.LT: lambda a, b: int(a < b)}
    def pop(self):
        if not self.stack: raise VMError(f"stack empty at {self.pc - 1}")
        return self.stack.pop()
    def run(self):
        out = []
        while True:
            self.steps += 1
            if self.steps > self.limit: raise VMError("too many steps")
            i = self.code[self.pc]; self.pc += 1
            match i.op:
                case Op.PUSH: self.stack.append(i.arg)
                case Op.ADD | Op.SUB | Op.MUL | Op.DIV | Op.LT:
                    b, a = self.pop(), self.pop()
                    self.stack.append(self.table[i.op](a, b))
                case Op.DUP: self.stack.append(self.stack[-1])
                case Op.SWAP: self.stack[-1], self.stack[-2] = self.stack[-2], self.stack[-1]
                case Op.POP: self.pop()
                case Op.JMP: self.pc = i.arg
                case Op.JZ:
                    if self.pop() == 0: self.pc = i.arg
                case Op.CALL: self.calls.append(self.pc); self.pc = i.arg
                case Op.RET: self.pc = self.calls.pop()
                case Op.LOAD: self.stack.append(self.vars.get(i.arg, 0))
                case Op.STORE: self.vars[i.arg] = self.pop()
                case Op.PRINT: out.append(str(self.pop()))
                case Op.HALT: return " ".join(out)
asm = Assembler()
try:
    for line in sys.stdin: asm.feed(line)
    vm = VM(asm.link())
    print(vm.run()); print(vm.steps, vm.stack, vm.vars)
except VMError as e: print("error:", e)
except ZeroDivisionError: print("division by zero")
