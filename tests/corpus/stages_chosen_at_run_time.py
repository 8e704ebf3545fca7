# args: double strip 2 square add:5 half add:-1
import sys


def double(x):
    return x * 2


def square(x):
    return x * x


def adder(n):
    return lambda x: x + n


known = {"double": double, "square": square, "half": lambda x: x / 2}
stages, names = [], []
for word in sys.argv[1:]:
    if word in known:
        stages.append(known[word])
        names.append(word)
    elif word.startswith("add:"):
        stages.append(adder(int(word[4:])))
        names.append(word)
    else:
        print("no stage", word)
value = 3
for name, stage in zip(names, stages):
    value = stage(value)
    print(name, value)


def compose(functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x
    return composed


print(compose(stages)(10), len(stages), list(map(compose(stages), [1, 2])))
handlers = {}
for number, word in enumerate(sys.argv[1:]):
    handlers[word] = stages[number % len(stages)]
for word in sorted(handlers):
    print(word, handlers[word](number))
try:
    handlers["missing"](1)
except KeyError as error:
    print("no handler for", error)
try:
    stages[0](1, 2)
except TypeError as error:
    print(error)
