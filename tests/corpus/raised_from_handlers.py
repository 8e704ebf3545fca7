# args: 4
# What follows an `if` runs although a handler in it may leave by a `raise`.
import sys


def checked(n):
    match n:
        case 3:
            try:
                int("x" * n)
            except ValueError:
                raise KeyError("hidden")
        case 4:
            try:
                raise LookupError(n)
            except LookupError as error:
                print("caught", error)
    for i in range(n):
        if i == 1:
            try:
                n // (n - 2)
            except ZeroDivisionError:
                raise IndexError(i) from None
            else:
                print("fine", i)
        print("i", i)
    else:
        try:
            if n == 5:
                [][n]
        except IndexError:
            raise TypeError("else")
    while n > 0:
        n -= 2
        try:
            n // n
        except ZeroDivisionError:
            raise RuntimeError("zero")
    print("end")


last = int(sys.argv[1])
for n in range(last + 2):
    try:
        checked(n)
    except Exception as error:
        print(n, repr(error))
if last == 3:
    try:
        {}[last]
    except KeyError:
        raise SystemExit(5)
print("last")
