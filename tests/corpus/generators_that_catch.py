# args: a 5 b x 7 -2
import sys


def numbers(texts):
    for text in texts:
        try:
            yield int(text)
        except ValueError:
            yield -1
        else:
            yield 100


def checked(texts):
    for text in texts:
        try:
            value = int(text)
        except ValueError as error:
            print("skipped:", error)
            continue
        if value < 0:
            break
        yield value
    print("no more")


words = sys.argv[1:]
source = numbers(words)
while True:
    item = next(source, None)
    if item is None:
        break
    print(item)
source = checked(words)
while True:
    item = next(source, None)
    if item is None:
        break
    print(item)
