# args: 20
import sys


def numbers(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


def even(stream):
    for value in stream:
        if value % 2 == 0:
            yield value


def squares(stream):
    return (value * value for value in stream)


limit = int(sys.argv[1])
total = 0
for value in squares(even(numbers(limit))):
    if value > 200:
        print("stop at", value)
        break
    total += value
print(total, sum(squares(numbers(5))), list(even([1, 2, 4])))
