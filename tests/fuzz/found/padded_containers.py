import sys

n = int(sys.argv[1])
numbers = [n, 2]
print(f"{numbers!r:>12}|{(n, 'a')!s:^14}|{ {'k': n}!r:<12}|{list(range(n))!r:>20}|")
for value in (numbers, (n, 1)):
    try:
        print(f"{value:>12}|")
    except TypeError as error:
        print(error)


class Told(Exception):
    def __str__(self):
        return "<" + super().__str__() + ">"


try:
    raise Told(f"bad {n}")
except Told as error:
    print(error, f"{error!r:>20}|{error!s:>12}|", repr(error))
try:
    int("x" * n)
except ValueError as error:
    print(f"{error!s:>60}|")
