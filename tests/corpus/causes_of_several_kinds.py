# args: 5
# args: 0
"""Causes that are one of several exceptions, and causes that have causes."""

import sys

n = int(sys.argv[1])


class Own(Exception):
    pass


def look(key):
    try:
        return {0: 1, 5: 3}[key]
    except KeyError as error:
        raise ValueError(key) from error


def ask(key):
    try:
        return look(key)
    except ValueError as error:
        raise LookupError("no") from error


for k in range(n):
    try:
        try:
            if k == 1:
                print([1][k])
            if k == 2:
                print(1 // (k - 2))
            print({0: 1}[k])
        except (KeyError, IndexError, ZeroDivisionError) as error:
            raise Own("bad") from error
    except Own as own:
        print(own, repr(own.__cause__), type(own.__cause__).__name__)
    finally:
        print("looked")
try:
    print(ask(n))
    print(ask(n + 1))
except LookupError as error:
    print(repr(error), repr(error.__cause__), repr(error.__cause__.__cause__))
    try:
        raise RuntimeError from error
    except RuntimeError as last:
        print(repr(last.__cause__.__cause__.__cause__))
