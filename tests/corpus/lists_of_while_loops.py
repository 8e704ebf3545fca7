# args: 150 7
import sys

n, k = int(sys.argv[1]), int(sys.argv[2])


def collatz(x):
    out = [x]
    while x != 1:
        x = x // 2 if x % 2 == 0 else 3 * x + 1
        out.append(x)
    return out


def merged(a, b):
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


def fibonacci(limit):
    found = [0, 1]
    while found[-1] + found[-2] < limit:
        found.append(found[-1] + found[-2])
    return found


def halves(x):
    parts, signs = [], []
    while len(parts) < n:
        x /= 3.0
        parts.append(x)
        signs.append(x > 0.01)
        signs.append(len(parts) % 3 == 0)
        if sum(parts) > 1e9:
            break
    else:
        print("no break")
    return parts[-1], signs[:8], len(signs), sum(signs)


def until_it_fails(values, start):
    got = []
    at = start
    try:
        while True:
            got.append(values[at] // (values[at] - k))
            at += 3
    except IndexError:
        print("left at", at, len(got), got[-1:])
    except ZeroDivisionError as error:
        print("divided at", at, len(got), error)
    return got


def skipped(limit):
    out = []
    i = 0
    while i < limit:
        i += 1
        out.append(i * i)
        if i % 5:
            continue
        out[-1] = -i
        out[len(out) // 2] += 1
    return out


def digits(value, base):
    out = []
    while value:
        value, rest = divmod(value, base)
        out.append(rest)
    return out[::-1]


def rounds():
    total = []
    x = n
    while x > 0:
        y = x
        while y > 0:
            total.append(y)
            y //= 2
        x -= k
    return total


def grown_twice():
    a = [1]
    b = a
    while len(a) < n:
        b.append(a[-1] * 3 % 1009)
    return a is b, len(b), b[-1]




def kept(limit):
    odd, even = [], [0]
    x = limit
    while x > 0:
        if x % 3 == 1:
            odd.append(x)
        elif x % 3 == 2:
            even.append(len(odd))
            even.append(odd[-1] if odd else -1)
        x -= 1
    return odd[:4], even[:6], len(odd), len(even)


def looked_for(values):
    seen = []
    i = 0
    while i < len(values):
        if values[i] * 7 % k not in seen:
            seen.append(values[i] * 7 % k)
        i += 1
    return seen


print(kept(n), kept(1))
print(looked_for([i * 5 % 13 for i in range(n)]))
print(collatz(27 + n)[:6], len(collatz(27)), max(collatz(27)))
print(merged([i * 3 for i in range(n)], [i * 2 for i in range(k)])[:12])
print(fibonacci(n * 1000))
print(halves(float(n)))
print(until_it_fails(list(range(n)), 1)[:4], until_it_fails(list(range(n)), 2)[:4])
print(skipped(n)[:12], sum(skipped(n)))
print(digits(n * 12345, k), digits(0, 2))
print(len(rounds()), sum(rounds()), rounds()[:9])
print(grown_twice())
squares = []
i = 0
while i < n:
    squares.append(i * 0.5)
    i += 1
    if len(squares) == 100:
        print("hundred", squares[-1])
print(len(squares), squares[-1], squares[1:3])
flags = []
while not flags or len(flags) < k:
    flags.append(len(flags) % 2 == 0)
print(flags)
