# args: ++++++++[>++++++++<-]>+.+.+.
import sys


def run(program):
    jumps, stack = {}, []
    for i, char in enumerate(program):
        if char == "[":
            stack.append(i)
        elif char == "]":
            j = stack.pop()
            jumps[i], jumps[j] = j, i
    tape, pointer, i, out = [0] * 100, 0, 0, []
    while i < len(program):
        char = program[i]
        if char == ">":
            pointer += 1
        elif char == "<":
            pointer -= 1
        elif char == "+":
            tape[pointer] = (tape[pointer] + 1) % 256
        elif char == "-":
            tape[pointer] = (tape[pointer] - 1) % 256
        elif char == ".":
            out.append(chr(tape[pointer]))
        elif char == "[" and tape[pointer] == 0 or char == "]" and tape[pointer] != 0:
            i = jumps[i]
        i += 1
    return "".join(out)


print(run(sys.argv[1]))
