"""hasattr() and getattr() where code of the program's says what attributes there are.

In: an object of the run, and the name of an attribute. Out: Python's answer, which is that of the
attribute's own code: whether that raises an AttributeError.
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
