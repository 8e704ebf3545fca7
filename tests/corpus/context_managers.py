# args: 0
# stdin: 1 x 0 3 7 9
# stdin: 1 x 5
# stdin: 1 x 6
# stdin: 1 z 6
# stdin: x 7 y
# stdin: x 7 2
import sys
from contextlib import contextmanager


class Section:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("begin", self.name)
        return self

    def __exit__(self, kind, error, trace):
        print("end", self.name, "with", kind.__name__ if kind else "success")
        return kind is ZeroDivisionError


@contextmanager
def tag(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    finally:
        print(f"</{name}>")


@contextmanager
def swallowed(*kinds):
    log.append("in")
    try:
        yield len(log)
    except kinds as e:
        print("swallowed", type(e).__name__, e)
    else:
        print("fine")
    finally:
        log.append("out")


@contextmanager
def begun(word):
    if word == "3":
        yield 5
        return
    if word == "7":
        print("seven")
    try:
        yield int(word)
    except ValueError:
        print("not begun")
    except ZeroDivisionError as e:
        raise RuntimeError("by zero") from e


@contextmanager
def ignoring():
    try:
        yield
    finally:
        return  # noqa: B012

def first(words):
    for word in words:
        with swallowed(ValueError, IndexError) as number:
            n = int(word)
            if n == 7:
                return "seven", number
            if n == 3:
                continue
            if n == 9:
                break
            print(n, number)
        print("after", word)
    return "none", len(log)


def both(word):
    with tag("outer"), tag(word) as name:
        if word == "q":
            return name
        return int(word)


class Bank:
    def __init__(self):
        self.accounts = {}

    @contextmanager
    def transaction(self, *owners):
        saved = {owner: self.accounts[owner] for owner in owners}
        try:
            yield
        except Exception:
            for owner, balance in saved.items():
                self.accounts[owner] = balance
            raise

    def transfer(self, source, target, amount):
        with self.transaction(source, target):
            self.accounts[target] += amount
            self.accounts[source] -= amount
            if self.accounts[source] < 0:
                raise ValueError(f"{source} is short")


def count_up(n):
    try:
        yield from range(n)
    finally:
        print("counted")


log, bank = [], Bank()
words = sys.stdin.readline().split()
for word in words:
    bank.accounts[word] = len(word) * 10
print(first(words))
print(first(words[1:3]), log)
for word in words:
    try:
        print(both(word))
    except ValueError as e:
        print(e)
    try:
        with begun(word) as n:
            print("begun", n, 10 // n)
    except (RuntimeError, ZeroDivisionError) as e:
        print(type(e).__name__, e, repr(e.__cause__))
    with ignoring():
        if word == "9":
            break
for line in sys.stdin:
    try:
        source, target, amount = line.split()
        bank.transfer(source, target, int(amount))
    except KeyError as e:
        print("no", e)
    except ValueError as e:
        print("bad", e)
print(bank.accounts)
for stop in (count_up, lambda n: range(n)):
    try:
        for x in stop(3):
            with tag(str(x)):
                if x == 1:
                    raise StopIteration(x)
    except StopIteration as e:
        print("stopped", e.value)
n = int(sys.argv[1])
with Section("division"):
    print(10 // n)
with tag("b") as name, Section("inner"):
    print(name, n)
print("done")
