# args: 5
import sys

PROGRAM = [
    ("push", 1), ("store", "f"), ("label", "loop"), ("load", "n"), ("jz", "end"),
    ("load", "f"), ("load", "n"), ("mul", None), ("store", "f"),
    ("load", "n"), ("push", 1), ("sub", None), ("store", "n"), ("jmp", "loop"), ("label", "end"),
]  # fmt: skip

labels = {arg: i for i, (op, arg) in enumerate(PROGRAM) if op == "label"}
memory = {"n": int(sys.argv[1]), "f": 0}
stack, pc, steps = [], 0, 0
while pc < len(PROGRAM):
    op, arg = PROGRAM[pc]
    pc += 1
    steps += 1
    match op:
        case "push":
            stack.append(arg)
        case "load":
            stack.append(memory[arg])
        case "store":
            memory[arg] = stack.pop()
        case "mul":
            b, a = stack.pop(), stack.pop()
            stack.append(a * b)
        case "sub":
            b, a = stack.pop(), stack.pop()
            stack.append(a - b)
        case "jz":
            if stack.pop() == 0:
                pc = labels[arg]
        case "jmp":
            pc = labels[arg]
print(memory["f"], "in", steps, "steps")
