"""What instances that the run holds have, where code of the program's says so: attributes, items.

In: an object of the run, and the name of an attribute. Out: Python's answer, which is that of the
program's own code: whether that raises an AttributeError, or an IndexError.
"""


def has_attribute(owner, name):
    try:
        getattr(owner, name)
    except AttributeError:
        return False
    return True


def attribute_or(owner, name, default):
    try:
        return getattr(owner, name)
    except AttributeError:
        return default


def items_by_number(owner):
    at = 0
    while True:
        try:
            item = owner[at]
        except IndexError:
            return
        yield item
        at += 1


def occurrences(items, wanted):
    count = 0
    for item in items:
        if item is wanted or item == wanted:
            count += 1
    return count


def index_of(items, wanted):
    for at, item in enumerate(items):
        if item is wanted or item == wanted:
            return at
    raise ValueError("sequence.index(x): x not in sequence")
