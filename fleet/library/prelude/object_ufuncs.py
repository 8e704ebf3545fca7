"""Element-wise functions of arrays of objects: NumPy's own, and those of np.frompyfunc."""

import math

from primitives import is_object_array, may_be_several, words_of_refusal

FUNCTIONS_OF_TWO = {
    "add": lambda x, y: x + y, "subtract": lambda x, y: x - y, "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y, "floor_divide": lambda x, y: x // y,
    "remainder": lambda x, y: x % y, "power": lambda x, y: x**y,
    "maximum": the_larger, "minimum": the_smaller, "fmax": the_larger, "fmin": the_smaller,
    "bitwise_and": lambda x, y: x & y, "bitwise_or": lambda x, y: x | y,
    "bitwise_xor": lambda x, y: x ^ y, "left_shift": lambda x, y: x << y,
    "right_shift": lambda x, y: x >> y,
    "logical_and": lambda x, y: x and y, "logical_or": lambda x, y: x or y,
}  # fmt: skip
QUESTIONS_OF_TWO = {
    "equal": lambda x, y: x == y, "not_equal": lambda x, y: x != y, "less": lambda x, y: x < y,
    "less_equal": lambda x, y: x <= y, "greater": lambda x, y: x > y,
    "greater_equal": lambda x, y: x >= y, "logical_xor": lambda x, y: bool(x) != bool(y),
}  # fmt: skip
FUNCTIONS_OF_ONE = {
    "negative": lambda x: -x, "positive": lambda x: +x, "absolute": lambda x: abs(x),
    "invert": lambda x: ~x, "square": lambda x: x * x, "reciprocal": lambda x: 1 / x,
    "sign": lambda x: 1 if x > 0 else -1 if x < 0 else 0, "logical_not": lambda x: not x,
    "floor": lambda x: math.floor(x), "ceil": lambda x: math.ceil(x),
    "trunc": lambda x: math.trunc(x),
}  # fmt: skip
NUMBERS_WITHOUT = (int, float, str, bool, tuple, list, dict)
"""Types of Python's whose values have none of the methods that functions such as np.sqrt call."""
STARTS = {"add": 0, "multiply": 1, "logical_and": True, "logical_or": False}
"""What nothing gives; of all others it is an error."""


def ufunc_of_objects(name, values, named):
    """An element-wise function of NumPy's."""
    for option in named:
        if named[option] is not None:
            unsupported(f"{option}= of np.{name} with an array of objects")
    if name in QUESTIONS_OF_TWO:
        return truths_of_two(QUESTIONS_OF_TWO[name], *values)
    if name in FUNCTIONS_OF_TWO:
        return of_two(FUNCTIONS_OF_TWO[name], *values)
    if name in FUNCTIONS_OF_ONE:
        return of_one(FUNCTIONS_OF_ONE[name], *values)
    words = words_of_refusal(name)
    if words is not None:
        raise TypeError(words)
    if len(values) > 1:
        unsupported(f"np.{name} of arrays of objects", "go through the objects: a.tolist()")
    return of_one(lambda x: by_method(name, x), *values)


def by_method(name, x):
    if x is None or isinstance(x, NUMBERS_WITHOUT):
        raise TypeError(
            f"loop of ufunc does not support argument 0 of type {type(x).__name__} which has no "
            f"callable {name} method"
        )
    return getattr(x, name)()


def method_of_ufunc(method, name, values, named):
    """reduce, accumulate and outer of a function of two numbers."""
    if name not in FUNCTIONS_OF_TWO:
        unsupported(f"np.{name}.{method} of arrays of objects")
    function = FUNCTIONS_OF_TWO[name]
    if method == "outer":
        return all_pairs(function, *values)
    if method == "reduce":
        return reduced_objects(function, STARTS.get(name, name), *values, **named)
    if method == "accumulate":
        return accumulated_objects(function, *values, **named)
    unsupported(f"np.{name}.{method} of arrays of objects", "go through the objects: a.tolist()")


def reduced_objects(function, start, array, axis=0, dtype=None, out=None, keepdims=False,
                    initial=NO_VALUE):  # fmt: skip
    if out is not None:
        unsupported("out= with an array of objects")
    return combined_objects(operand(array), axis, keepdims, initial, function, start)


def accumulated_objects(function, array, axis=0, dtype=None, out=None):
    if out is not None:
        unsupported("out= with an array of objects")
    return accumulated(operand(array), axis, function)


class ufunc_of_python:
    """What np.frompyfunc gives. start: what reducing nothing gives; NO_VALUE: an error."""

    _fleet_holds = "nothing: a function"

    def __init__(self, function, nin, nout, start):
        self._function = function
        self._start = start
        self.nin = nin
        self.nout = nout
        self.nargs = nin + nout
        self.__name__ = f"{getattr(function, '__name__', '?')} (vectorized)"
        self.__doc__ = "dynamic ufunc based on a python function"

    @property
    def identity(self):
        return None if self._start is NO_VALUE else self._start

    def __repr__(self):
        return f"<ufunc '{self.__name__}'>"

    def __call__(self, *values, **named):
        for option in named:
            if option not in ("dtype", "casting") and named[option] is not None:
                unsupported(f"{option}= of what np.frompyfunc gives")
        if len(values) != self.nin:
            if self.nin < len(values) <= self.nargs:
                unsupported("out= of what np.frompyfunc gives")
            raise TypeError(self.arguments_wanted(len(values)))
        values = [operand(one) for one in values]
        arrays = [one for one in values if is_object_array(one)]
        if len(arrays) == 0:
            return self._function(*values)
        shape = broadcast_shapes(*[a.shape for a in arrays])
        made = self.results(values, shape)
        if len(shape) == 0:
            return made[0]
        if self.nout == 1:
            return new_objects(made, shape)
        return tuple([new_objects([one[k] for one in made], shape) for k in range(self.nout)])

    def results(self, values, shape):
        """What the function gives for all elements, one after the other."""
        function = self._function
        rows = [stretched_row(one, shape) if is_object_array(one) else None for one in values]
        if len(rows) == 1:
            return [function(one) for one in rows[0]]
        if len(rows) == 2:
            first, second = rows
            if first is None:
                return [function(values[0], other) for other in second]
            if second is None:
                return [function(one, values[1]) for one in first]
            return [function(one, other) for one, other in zip(first, second)]
        count = elements_of(shape)
        return [function(*[one if row is None else row[k] for one, row in zip(values, rows)])
                for k in range(count)]  # fmt: skip

    def arguments_wanted(self, given):
        wanted = f"from {self.nin} to {self.nargs} positional arguments"
        verb = "was" if given == 1 else "were"
        return f"{self.__name__}() takes {wanted} but {given} {verb} given"

    def require_two(self, method):
        if self.nin != 2 or self.nout != 1:
            raise ValueError(f"{method} only supported for binary functions")

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=NO_VALUE):
        self.require_two("reduce")
        array = operand(array)
        if axis is None and array.ndim > 1 or axis.__class__ is tuple and len(axis) > 1:
            raise ValueError(
                f"reduction operation '{self.__name__}' is not reorderable, so at most one axis "
                "may be specified"
            )
        start = self.__name__ if self._start is NO_VALUE else self._start
        if initial is NO_VALUE and start is None:
            start = self.__name__
        return reduced_objects(self._function, start, array, axis, dtype, out, keepdims, initial)

    def accumulate(self, array, axis=0, dtype=None, out=None):
        self.require_two("accumulate")
        return accumulated_objects(self._function, array, axis, dtype, out)

    def outer(self, a, b):
        if self.nin != 2:
            raise ValueError("outer product only supported for binary functions")
        if self.nout != 1:
            unsupported("outer of what np.frompyfunc gives with several results")
        return all_pairs(self._function, operand(a), operand(b))

    def at(self, a, indices, b=NO_VALUE):
        places = ravel(a._at[indices]) if may_be_several(indices) else [a._at[indices]]
        others = [b] * len(places) if not may_be_several(b) else operand(b).row()
        for k in range(len(places)):
            at = int(places[k])
            one = a._items[at]
            a._items[at] = self._function(one) if b is NO_VALUE else self._function(one, others[k])


call_it(ufunc_of_python, "ufunc")


def frompyfunc(func, /, nin, nout, *, identity=NO_VALUE):
    if not callable(func):
        raise TypeError("function must be callable")
    return ufunc_of_python(func, nin, nout, identity)
