import sys

n = int(sys.argv[1])


def f(k):
    return 0 if k <= 0 else 1 + f(k - 1)


def known(k):
    return 0 if k <= 0 else 1 + known(k - 1)


print(f(n), f(900), known(997))
sys.setrecursionlimit(9000)
print(sys.getrecursionlimit(), f(n * 1000), known(5000))
memo = {}


def fib(k):
    if k in memo:
        return memo[k]
    memo[k] = k if k < 2 else (fib(k - 1) + fib(k - 2)) % 1000007
    return memo[k]


print(fib(3000))


def bad(k):
    return bad(k + 1)


try:
    sys.setrecursionlimit(0)
except ValueError as e:
    print(e)
print(f(20000))
