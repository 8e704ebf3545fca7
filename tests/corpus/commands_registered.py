# stdin: square 4
# stdin: add 3 4
# stdin: neg 2
# stdin: add 3
# stdin: nope 3
# stdin: total
# stdin: again 3 square 2
import sys
commands = {}
def command(name=None):
    def register(f):
        commands[name or f.__name__] = f
        return f
    return register
@command()
def square(x):
    return float(x) ** 2
@command("add")
def addition(a, b=10):
    return float(a) + float(b)
@command("neg")
def negate(x):
    return -float(x)
@command()
def total(*values):
    return sum(map(float, values), 0.5)
@command()
def again(n, name, *rest):
    result = 0
    for _ in range(int(n)):
        result += commands[name](*rest)
    return result
history = []
for line in sys.stdin:
    name, *args = line.split()
    f = commands.get(name)
    if f is None:
        print("unknown", name)
        continue
    history.append((f, args))
    print(name, f(*args))
for f, args in reversed(history):
    print(f.__name__, f(*args))
