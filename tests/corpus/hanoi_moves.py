# args: 3
import sys


def hanoi(n, a, b, c):
    if n == 0:
        return 0
    moves = hanoi(n - 1, a, c, b)
    print(f"move {n} from {a} to {c}")
    return moves + 1 + hanoi(n - 1, b, a, c)


print(hanoi(int(sys.argv[1]), "A", "B", "C"))


def moves(n, a, b, c):
    if n:
        yield from moves(n - 1, a, c, b)
        yield a, c
        yield from moves(n - 1, b, a, c)


print(list(moves(int(sys.argv[1]), "A", "B", "C")))
print(sum(1 for _ in moves(4, "A", "B", "C")))
