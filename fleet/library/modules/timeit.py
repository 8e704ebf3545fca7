"""`timeit`: how long functions take; statements that are given as texts are refused."""

import time

from primitives import unsupported

default_timer = time.perf_counter
default_number = 1000000
default_repeat = 5


def _function(statement, what):
    if callable(statement):
        return statement
    if statement == "pass":
        return lambda: None
    unsupported(f"a {what} that is given to timeit as a text", "give it a function: lambda: f(x)")


class Timer:
    def __init__(self, stmt="pass", setup="pass", timer=default_timer, globals=None):
        self.inner = _function(stmt, "statement")
        self.setup = _function(setup, "setup")
        self.timer = timer

    def timeit(self, number=default_number):
        self.setup()
        start = self.timer()
        for _ in range(number):
            self.inner()
        return self.timer() - start

    def repeat(self, repeat=default_repeat, number=default_number):
        return [self.timeit(number) for _ in range(repeat)]


def timeit(stmt="pass", setup="pass", timer=default_timer, number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).timeit(number)


def repeat(stmt="pass", setup="pass", timer=default_timer, repeat=default_repeat,
           number=default_number, globals=None):
    return Timer(stmt, setup, timer, globals).repeat(repeat, number)
