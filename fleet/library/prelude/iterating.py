"""Functions of `itertools` as generators: what they do where only run time knows how far they go.

Semantics: the Python Library Reference, which defines them by such generators.
"""


def check_bound(value, name):
    if value is not None and value < 0:
        if name == "Step":
            raise ValueError("Step for islice() must be a positive integer or None.")
        if name == "Stop":
            raise ValueError(
                "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        raise ValueError(
            "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")


def islice_between(iterable, start, stop, step, only_stop):
    check_bound(start, "Indices")
    check_bound(stop, "Stop" if only_stop else "Indices")
    check_bound(step - 1, "Step")
    return items_between(iterable, start, stop, step)


def items_between(iterable, start, stop, step):
    if stop is None:
        at, wanted = 0, start
        for item in iterable:
            if at == wanted:
                yield item
                wanted += step
            at += 1
    elif stop > 0:
        at, wanted = 0, start
        for item in iterable:
            if at == wanted:
                yield item
                wanted += step
            at += 1
            if at >= stop:
                break


def take_while(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            break
        yield item
