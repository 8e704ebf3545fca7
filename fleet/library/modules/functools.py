"""What `functools` has beyond the table: functions chosen by the type of an argument, and the
orderings that follow from one of them."""

from abc import ABCMeta

from primitives import annotation_of


class _Dispatcher:
    """The functions of a `singledispatch`, by class."""

    def __init__(self, function):
        self.registry = {object: function}

    def dispatch(self, cls):
        for one in cls.__mro__:
            if one in self.registry:
                return self.registry[one]
        for one, function in self.registry.items():
            if isinstance(one, ABCMeta) and issubclass(cls, one):
                return function
        return self.registry[object]

    def register(self, cls, function=None):
        if function is not None:
            self.registry[cls] = function
            return function
        if isinstance(cls, type):
            return lambda given: self.register(cls, given)
        function = cls
        return self.register(annotation_of(function), function)


def singledispatch(func):
    found = _Dispatcher(func)

    def wrapper(*arguments, **keywords):
        if not arguments:
            raise TypeError(f"{func.__name__} requires at least 1 positional argument")
        return found.dispatch(arguments[0].__class__)(*arguments, **keywords)

    wrapper.__name__ = func.__name__
    wrapper.__qualname__ = func.__qualname__
    wrapper.__doc__ = func.__doc__
    wrapper.__wrapped__ = func
    wrapper.register = found.register
    wrapper.dispatch = found.dispatch
    wrapper.registry = found.registry
    return wrapper


class singledispatchmethod:  # noqa: N801
    def __init__(self, func):
        self.func = func
        self._found = _Dispatcher(func)

    def register(self, cls, method=None):
        return self._found.register(cls, method)

    def __get__(self, instance, owner=None):
        def method(*arguments, **keywords):
            chosen = self._found.dispatch(arguments[0].__class__)
            return chosen.__get__(instance, owner)(*arguments, **keywords)

        return method


class partialmethod:  # noqa: N801
    def __init__(self, func, /, *arguments, **keywords):
        self.func = func
        self.args = arguments
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        def method(*arguments, **keywords):
            bound = self.func.__get__(instance, owner)
            return bound(*self.args, *arguments, **{**self.keywords, **keywords})

        return method


def _ordering(name, root, negated, joined):
    """A comparison from another one: that or its opposite, and, or, or without, being equal."""

    def compare(self, other):
        found = getattr(self, root)(other)
        if found is NotImplemented:
            return NotImplemented
        if negated:
            found = not found
        if joined == "or":
            return found or self == other
        if joined == "and":
            return found and self != other
        return found

    compare.__name__ = compare.__qualname__ = name
    return compare


_ORDERINGS = {
    "__lt__": (("__gt__", True, "and"), ("__le__", False, "or"), ("__ge__", True, "")),
    "__le__": (("__ge__", True, "or"), ("__lt__", False, "and"), ("__gt__", True, "")),
    "__gt__": (("__lt__", True, "and"), ("__ge__", False, "or"), ("__le__", True, "")),
    "__ge__": (("__le__", True, "or"), ("__gt__", False, "and"), ("__lt__", True, "")),
}


def total_ordering(cls):
    own = {name for name in _ORDERINGS if any(name in one.__dict__ for one in cls.__mro__[:-1])}
    if not own:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = max(own)
    for name, negated, joined in _ORDERINGS[root]:
        if name not in own:
            setattr(cls, name, _ordering(name, root, negated, joined))
    return cls
