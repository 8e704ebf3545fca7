# args: add 3 4 mul 5 6 neg 7 bogus
import sys

COMMANDS = {}


def command(arity):
    def register(function):
        COMMANDS[function.__name__] = (arity, function)
        return function

    return register


@command(2)
def add(a, b):
    return a + b


@command(2)
def mul(a, b):
    return a * b


@command(1)
def neg(a):
    return -a


words = sys.argv[1:]
while words:
    name, *words = words
    if name not in COMMANDS:
        print("unknown command:", name)
        continue
    arity, function = COMMANDS[name]
    numbers, words = [int(w) for w in words[:arity]], words[arity:]
    print(name, numbers, "=", function(*numbers))
