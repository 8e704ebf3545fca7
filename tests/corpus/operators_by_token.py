# args: 3 4 + 2 * 7 - 2 **
import math
import operator
import sys

ops = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": pow,
    "max": max,
}
stack = []
for tok in sys.argv[1:]:
    if tok in ops:
        b = stack.pop()
        a = stack.pop()
        stack.append(ops[tok](a, b))
    else:
        stack.append(float(tok))
print(stack)
functions = {"sqrt": math.sqrt, "abs": abs, "neg": operator.neg, "int": int, "str": str}
for name in ["sqrt", "abs", "int", "str", "neg"]:
    print(name, functions[name](stack[0]))
first = sys.argv[3]
f = ops.get(first)
if f is not None:
    print(f(2, 3))
g = ops.get(sys.argv[1], max)
print(g(10, 2))
compare = {"<": operator.lt, ">=": operator.ge, "==": operator.eq}
for sign, f in compare.items():
    print(sign, f(len(sys.argv), 5))
