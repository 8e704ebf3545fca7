# args: a 5 b x 7 -2
import sys


def dividing(values):
    for value in values:
        try:
            try:
                yield 100 // value
            except KeyError:
                yield 0
        except ZeroDivisionError:
            yield -1


words = sys.argv[1:]
source = dividing([len(word) - 1 for word in words])
while True:
    item = next(source, None)
    if item is None:
        break
    print(item)


def failing(n):
    for i in range(n):
        try:
            yield 10 // (3 - i)
        except ValueError:
            print("never")


source = failing(len(words))
try:
    while True:
        print(next(source))
except ZeroDivisionError as error:
    print("ended by", error)
print(next(source, "over"), next(source, "over"))


def few(n):
    for i in range(n - 4):
        yield i
    print("ends once")


source = few(len(words))
for _ in words:
    print(next(source, "no more"))
