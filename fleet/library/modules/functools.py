"""What `functools` has beyond the table: functions chosen by the type of an argument."""

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
