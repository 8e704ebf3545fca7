"""`contextlib`: context managers from generators, and some that are often needed."""

import sys
from abc import ABC
from collections import deque
from functools import wraps


class AbstractContextManager(ABC):  # noqa: B024
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None


class ContextDecorator:
    def _recreate_cm(self):
        return self

    def __call__(self, function):
        @wraps(function)
        def inside(*arguments, **keywords):
            with self._recreate_cm():
                return function(*arguments, **keywords)

        return inside


class _GeneratorContextManager(ContextDecorator):
    def __init__(self, function, arguments, keywords):
        self.gen = function(*arguments, **keywords)
        self._made = function, arguments, keywords

    def _recreate_cm(self):
        return self.__class__(*self._made)

    def __enter__(self):
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, kind, value, traceback):
        if kind is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.gen.throw(value)
        except StopIteration as error:
            return error is not value
        except RuntimeError as error:
            if error is value:
                return False
            if isinstance(value, StopIteration) and error.__cause__ is value:
                return False
            raise
        except BaseException as error:
            if error is not value:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(func):
    @wraps(func)
    def helper(*arguments, **keywords):
        return _GeneratorContextManager(func, arguments, keywords)

    return helper


class closing:  # noqa: N801
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *_):
        self.thing.close()


class suppress:  # noqa: N801
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self._exceptions)


class nullcontext:  # noqa: N801
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *_):
        pass


class _Exit:
    def __init__(self, manager):
        self.manager = manager

    def leave(self, kind, value, traceback):
        return self.manager.__exit__(kind, value, traceback)


class _Function:
    def __init__(self, function):
        self.function = function

    def leave(self, kind, value, traceback):
        return self.function(kind, value, traceback)


class _Callback:
    def __init__(self, function, arguments):
        self.function = function
        self.arguments = arguments

    def leave(self, kind, value, traceback):
        self.function(*self.arguments)
        return False


class _WithKeywords:
    def __init__(self, function, arguments, keywords):
        self.function = function
        self.arguments = arguments
        self.keywords = keywords

    def leave(self, kind, value, traceback):
        self.function(*self.arguments, **self.keywords)
        return False


class ExitStack:
    def __init__(self):
        self._leave = deque()

    def __enter__(self):
        return self

    def enter_context(self, cm):
        value = cm.__enter__()
        self._leave.append(_Exit(cm))
        return value

    def push(self, exit):
        self._leave.append(_Exit(exit) if hasattr(exit, "__exit__") else _Function(exit))
        return exit

    def callback(self, function, /, *arguments, **keywords):
        made = _Callback(function, arguments)
        self._leave.append(_WithKeywords(function, arguments, keywords) if keywords else made)
        return function

    def pop_all(self):
        other = type(self)()
        other._leave, self._leave = self._leave, deque()
        return other

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, kind, value, traceback):
        pending, swallowed = value, False
        while self._leave:
            leave = self._leave.pop()
            try:
                told = (None, None, None) if pending is None else (type(pending), pending, None)
                if leave.leave(*told) and pending is not None:
                    pending, swallowed = None, True
            except BaseException as error:
                pending = error
        if pending is not None and pending is not value:
            raise pending
        return swallowed and pending is None and value is not None


class _RedirectStream(AbstractContextManager):
    _stream = None

    def __init__(self, new_target):
        self._new_target = new_target
        self._old_targets = []

    def __enter__(self):
        self._old_targets.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._new_target)
        return self._new_target

    def __exit__(self, kind, value, traceback):
        setattr(sys, self._stream, self._old_targets.pop())


class redirect_stdout(_RedirectStream):
    _stream = "stdout"


class redirect_stderr(_RedirectStream):
    _stream = "stderr"
