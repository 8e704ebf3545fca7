# args: a 5 b x 7 -2
import sys


def kinds(texts):
    for text in texts:
        match text:
            case "a":
                yield 1
            case "b" | "x":
                yield 2
                yield 3
            case other if other.isdigit():
                yield int(other)
            case _:
                print("none for", text)


def inner(n):
    for i in range(n):
        yield i
    return n * 10


def outer(n):
    result = yield from inner(n)
    yield result
    again = yield from inner(2)
    return result + again


words = sys.argv[1:]
source = kinds(words)
while True:
    item = next(source, None)
    if item is None:
        break
    print(item)
source = outer(len(words))
while True:
    item = next(source, None)
    if item is None:
        break
    print(item)
