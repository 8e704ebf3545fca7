"""`array`: lists of numbers of one C type."""

from numpy import float32

_SIZES = {"b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8,
          "f": 4, "d": 8}  # fmt: skip
_LARGEST = float.fromhex("0x1.fffffefffffffp+127")
"""Of floats that a `float` of C may hold, when rounded."""
typecodes = "bBuhHiIlLqQfd"


class array:  # noqa: N801
    def __init__(self, typecode, initializer=()):
        if typecode not in _SIZES:
            raise ValueError("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)")
        self.typecode = typecode
        self.itemsize = _SIZES[typecode]
        self._items = [self._checked(value) for value in initializer]

    def _checked(self, value):
        if self.typecode in "df":
            if not isinstance(value, (int, float)):
                raise TypeError("must be real number, not " + type(value).__name__)
            value = float(value)
            if self.typecode == "d" or value - value != 0:
                return value
            if abs(value) > _LARGEST:
                return float("inf") if value > 0 else float("-inf")
            return float(float32(value))
        if not isinstance(value, int):
            kind = type(value).__name__
            raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
        bits = 8 * self.itemsize
        low, high = (0, 2**bits - 1) if self.typecode.isupper() else (
            -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)  # fmt: skip
        if value < low or value > high:
            raise OverflowError("value is out of the range of the array's type")
        return value

    def _like(self, items):
        made = array(self.typecode)
        made._items = items
        return made

    def append(self, x):
        self._items.append(self._checked(x))

    def extend(self, iterable):
        for x in iterable:
            self.append(x)

    fromlist = extend

    def insert(self, i, x):
        self._items.insert(i, self._checked(x))

    def pop(self, i=-1):
        if not self._items:
            raise IndexError("pop from empty array")
        return self._items.pop(i)

    def remove(self, x):
        if x not in self._items:
            raise ValueError("array.remove(x): x not in array")
        self._items.remove(x)

    def index(self, x):
        if x not in self._items:
            raise ValueError("array.index(x): x not in array")
        return self._items.index(x)

    def count(self, x):
        return self._items.count(x)

    def reverse(self):
        self._items.reverse()

    def tolist(self):
        return list(self._items)

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __contains__(self, x):
        return x in self._items

    def __getitem__(self, i):
        if isinstance(i, slice):
            return self._like(self._items[i])
        if not -len(self._items) <= i < len(self._items):
            raise IndexError("array index out of range")
        return self._items[i]

    def __setitem__(self, i, x):
        if isinstance(i, slice):
            self._items[i] = x._items
            return
        if not -len(self._items) <= i < len(self._items):
            raise IndexError("array assignment index out of range")
        self._items[i] = self._checked(x)

    def __delitem__(self, i):
        del self._items[i]

    def __add__(self, other):
        return self._like(self._items + other._items)

    def __mul__(self, n):
        return self._like(self._items * n)

    __rmul__ = __mul__

    def __iadd__(self, other):
        self.extend(other)
        return self

    def __eq__(self, other):
        if not isinstance(other, array):
            return NotImplemented
        return self._items == other._items

    def __lt__(self, other):
        return self._items < other._items

    __hash__ = None

    def __repr__(self):
        if not self._items:
            return f"array('{self.typecode}')"
        return f"array('{self.typecode}', {self._items!r})"


ArrayType = array
