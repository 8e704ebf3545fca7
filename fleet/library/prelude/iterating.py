"""Functions of `itertools` as generators: what they do where only run time knows how far they go.

Semantics: the Python Library Reference, which defines them by such generators.
"""


def islice_between(iterable, start, stop, step, only_stop):
    if only_stop and stop == -1:  # as CPython has it
        raise ValueError(
            "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    check_bounds(start, stop, step)
    return items_between(iterable, start, stop, step)


def islice_from(iterable, start, step):
    check_bounds(start, 0, step)
    return items_from(iterable, start, step)


def check_bounds(start, stop, step):
    if start < 0 or stop < 0:
        raise ValueError(
            "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    if step < 1:
        raise ValueError("Step for islice() must be a positive integer or None.")


def items_between(iterable, start, stop, step):
    if stop > 0:
        wanted = start
        for at, item in enumerate(iterable):
            if at == wanted:
                yield item
                wanted += step
            if at + 1 >= stop:
                break


def items_from(iterable, start, step):
    wanted = start
    for at, item in enumerate(iterable):
        if at == wanted:
            yield item
            wanted += step


def take_while(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            break
        yield item
