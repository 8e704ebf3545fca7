"""What classes of the program inherit from in place of Python's own types, where the run has their
instances: classes that hold a value of that type.

In: what the program's classes ask of their base. Out: what Python's own type does with the value.
The one idea: the content is one attribute, which no program can name, so an instance with it is an
instance like any other, and what the program overrides is found before what is here.
"""

import collections
import operator


def content_of(value):
    return value._fleet_content if isinstance(value, StandIn) else value


class StandIn:
    _fleet_kept = "__repr__"

    def __eq__(self, other):
        return self._fleet_content == content_of(other)

    def __ne__(self, other):
        return self._fleet_content != content_of(other)

    def __repr__(self):
        return repr(self._fleet_content)


class Container(StandIn):
    _fleet_kept = ""

    def __len__(self):
        return len(self._fleet_content)

    def __iter__(self):
        return iter(self._fleet_content)

    def __contains__(self, item):
        return item in self._fleet_content


class Ordered(StandIn):
    _fleet_kept = ""

    def __lt__(self, other):
        return self._fleet_content < content_of(other)

    def __le__(self, other):
        return self._fleet_content <= content_of(other)

    def __gt__(self, other):
        return self._fleet_content > content_of(other)

    def __ge__(self, other):
        return self._fleet_content >= content_of(other)


class Repeated(Ordered, Container):
    _fleet_kept = ""

    def __getitem__(self, at):
        return self._fleet_content[at]

    def __add__(self, other):
        return self._fleet_content + content_of(other)

    def __radd__(self, other):
        return other + self._fleet_content

    def __mul__(self, count):
        return self._fleet_content * count

    __rmul__ = __mul__

    def count(self, item):
        return self._fleet_content.count(item)

    def index(self, item, *bounds):
        return self._fleet_content.index(item, *bounds)


class Changing(Repeated):
    _fleet_kept = ""

    __hash__ = None

    def __setitem__(self, at, item):
        self._fleet_content[at] = item

    def __delitem__(self, at):
        del self._fleet_content[at]

    def __iadd__(self, other):
        self._fleet_content.extend(content_of(other))
        return self

    def __reversed__(self):
        return reversed(self._fleet_content)

    def append(self, item):
        self._fleet_content.append(item)

    def clear(self):
        self._fleet_content.clear()

    def extend(self, items):
        self._fleet_content.extend(content_of(items))

    def insert(self, at, item):
        self._fleet_content.insert(at, item)

    def remove(self, item):
        self._fleet_content.remove(item)

    def reverse(self):
        self._fleet_content.reverse()


class list_(Changing):
    _fleet_kept = ""

    def _fleet_begin(self):
        object.__setattr__(self, "_fleet_content", [])

    def __init__(self, items=()):
        self._fleet_content[:] = content_of(items)

    def copy(self):
        return self._fleet_content.copy()

    def pop(self, at=-1):
        return self._fleet_content.pop(at)

    def sort(self, *, key=None, reverse=False):
        self._fleet_content.sort(key=key, reverse=reverse)


class deque_(Changing):
    _fleet_kept = "__repr__ copy"

    def _fleet_begin(self):
        object.__setattr__(self, "_fleet_content", collections.deque())

    def __init__(self, iterable=(), maxlen=None):
        object.__setattr__(
            self, "_fleet_content", collections.deque(content_of(iterable), maxlen))

    def __repr__(self):
        return f"{type(self).__name__}{repr(self._fleet_content)[5:]}"

    @property
    def maxlen(self):
        return self._fleet_content.maxlen

    def appendleft(self, item):
        self._fleet_content.appendleft(item)

    def copy(self):
        return type(self)(self._fleet_content, self._fleet_content.maxlen)

    def extendleft(self, items):
        self._fleet_content.extendleft(content_of(items))

    def pop(self):
        return self._fleet_content.pop()

    def popleft(self):
        return self._fleet_content.popleft()

    def rotate(self, count=1):
        self._fleet_content.rotate(count)


class dict_(Container):
    _fleet_kept = ""

    __hash__ = None

    def _fleet_begin(self):
        object.__setattr__(self, "_fleet_content", {})

    def __init__(self, other=(), /, **more):
        self._fleet_content.update(content_of(other), **more)

    def __getitem__(self, key):
        content = self._fleet_content
        if key in content:
            return content[key]
        if hasattr(type(self), "__missing__"):
            return self.__missing__(key)
        raise KeyError(key)

    def __setitem__(self, key, item):
        self._fleet_content[key] = item

    def __delitem__(self, key):
        del self._fleet_content[key]

    def __reversed__(self):
        return reversed(self._fleet_content)

    def __or__(self, other):
        return self._fleet_content | content_of(other)

    def __ror__(self, other):
        return other | self._fleet_content

    def __ior__(self, other):
        self._fleet_content.update(content_of(other))
        return self

    def clear(self):
        self._fleet_content.clear()

    def copy(self):
        return self._fleet_content.copy()

    def get(self, key, default=None):
        return self._fleet_content.get(key, default)

    def items(self):
        return self._fleet_content.items()

    def keys(self):
        return self._fleet_content.keys()

    def pop(self, key, *default):
        return self._fleet_content.pop(key, *default)

    def popitem(self):
        return self._fleet_content.popitem()

    def setdefault(self, key, default=None):
        return self._fleet_content.setdefault(key, default)

    def update(self, other=(), /, **more):
        self._fleet_content.update(content_of(other), **more)

    def values(self):
        return self._fleet_content.values()


class OrderedDict_(dict_):
    _fleet_kept = "__repr__ __or__ __ior__ copy setdefault update"

    def _fleet_begin(self):
        object.__setattr__(self, "_fleet_content", collections.OrderedDict())

    def __init__(self, other=(), /, **more):
        self.update(other, **more)

    def __repr__(self):
        return f"{type(self).__name__}{repr(self._fleet_content)[11:]}"

    def __or__(self, other):
        made = type(self)(self)
        made.update(other)
        return made

    def __ior__(self, other):
        self.update(other)
        return self

    def copy(self):
        return type(self)(self)

    def move_to_end(self, key, last=True):
        self._fleet_content.move_to_end(key, last=last)

    def popitem(self, last=True):
        return self._fleet_content.popitem(last=last)

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
            return default
        return self[key]

    def update(self, other=(), /, **more):
        content = content_of(other)
        if hasattr(content, "keys"):
            for key in content.keys():  # noqa: SIM118
                self[key] = content[key]
        else:
            for key, value in content:
                self[key] = value
        for key, value in more.items():
            self[key] = value


class defaultdict_(dict_):
    _fleet_kept = "__repr__ copy"

    def __init__(self, default_factory=None, /, other=(), **more):
        self.default_factory = default_factory
        self._fleet_content.update(content_of(other), **more)

    def __repr__(self):
        return f"{type(self).__name__}({self.default_factory!r}, {self._fleet_content!r})"

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

    def copy(self):
        return type(self)(self.default_factory, self)


class Counter_(dict_):
    _fleet_kept = "__repr__ copy"

    def _fleet_begin(self):
        object.__setattr__(self, "_fleet_content", collections.Counter())

    def __init__(self, iterable=None, /, **more):
        self.update(iterable, **more)

    def __repr__(self):
        return f"{type(self).__name__}{repr(self._fleet_content)[7:]}"

    def __getitem__(self, key):
        return self._fleet_content[key]

    def __delitem__(self, key):
        if key in self._fleet_content:
            del self._fleet_content[key]

    def __add__(self, other):
        return self._fleet_content + content_of(other)

    def __sub__(self, other):
        return self._fleet_content - content_of(other)

    def __or__(self, other):
        return self._fleet_content | content_of(other)

    def __and__(self, other):
        return self._fleet_content & content_of(other)

    def copy(self):
        return type(self)(self)

    def elements(self):
        return self._fleet_content.elements()

    def most_common(self, n=None):
        return self._fleet_content.most_common(n)

    def subtract(self, iterable=None, /, **more):
        self._fleet_content.subtract(content_of(iterable), **more)

    def total(self):
        return self._fleet_content.total()

    def update(self, iterable=None, /, **more):
        if iterable is not None:
            self._fleet_content.update(content_of(iterable))
        if more:
            self._fleet_content.update(more)


class frozenset_(Ordered, Container):
    _fleet_kept = "__repr__"

    def __new__(cls, items=()):
        made = object.__new__(cls)
        object.__setattr__(made, "_fleet_content", frozenset(content_of(items)))
        return made

    def __hash__(self):
        return hash(self._fleet_content)

    def __repr__(self):
        content = self._fleet_content
        return f"{type(self).__name__}({{{repr(content)[11:-2]}}})" if content else (
            f"{type(self).__name__}()")

    def __and__(self, other):
        return self._fleet_content & content_of(other)

    def __or__(self, other):
        return self._fleet_content | content_of(other)

    def __sub__(self, other):
        return self._fleet_content - content_of(other)

    def __xor__(self, other):
        return self._fleet_content ^ content_of(other)

    def __rand__(self, other):
        return other & self._fleet_content

    def __ror__(self, other):
        return other | self._fleet_content

    def __rsub__(self, other):
        return other - self._fleet_content

    def __rxor__(self, other):
        return other ^ self._fleet_content

    def copy(self):
        return self._fleet_content.copy()

    def difference(self, *others):
        return self._fleet_content.difference(*[content_of(one) for one in others])

    def intersection(self, *others):
        return self._fleet_content.intersection(*[content_of(one) for one in others])

    def isdisjoint(self, other):
        return self._fleet_content.isdisjoint(content_of(other))

    def issubset(self, other):
        return self._fleet_content.issubset(content_of(other))

    def issuperset(self, other):
        return self._fleet_content.issuperset(content_of(other))

    def symmetric_difference(self, other):
        return self._fleet_content.symmetric_difference(content_of(other))

    def union(self, *others):
        return self._fleet_content.union(*[content_of(one) for one in others])


class set_(frozenset_):
    _fleet_kept = "__repr__"

    __hash__ = None

    def __new__(cls, *given, **named):
        return object.__new__(cls)

    def _fleet_begin(self):
        object.__setattr__(self, "_fleet_content", set())

    def __init__(self, items=()):
        self._fleet_content.clear()
        self._fleet_content.update(content_of(items))

    def __repr__(self):
        content = self._fleet_content
        return f"{type(self).__name__}({content!r})" if content else f"{type(self).__name__}()"

    def __iand__(self, other):
        self._fleet_content.intersection_update(content_of(other))
        return self

    def __ior__(self, other):
        self._fleet_content.update(content_of(other))
        return self

    def __isub__(self, other):
        self._fleet_content.difference_update(content_of(other))
        return self

    def __ixor__(self, other):
        self._fleet_content.symmetric_difference_update(content_of(other))
        return self

    def add(self, item):
        self._fleet_content.add(item)

    def clear(self):
        self._fleet_content.clear()

    def difference_update(self, *others):
        for one in others:
            self._fleet_content.difference_update(content_of(one))

    def discard(self, item):
        self._fleet_content.discard(item)

    def intersection_update(self, *others):
        for one in others:
            self._fleet_content.intersection_update(content_of(one))

    def pop(self):
        return self._fleet_content.pop()

    def remove(self, item):
        self._fleet_content.remove(item)

    def symmetric_difference_update(self, other):
        self._fleet_content.symmetric_difference_update(content_of(other))

    def update(self, *others):
        for one in others:
            self._fleet_content.update(content_of(one))


class tuple_(Repeated):
    _fleet_kept = ""

    def __new__(cls, items=()):
        made = object.__new__(cls)
        object.__setattr__(made, "_fleet_content", tuple(content_of(items)))
        return made

    def __hash__(self):
        return hash(self._fleet_content)


def positions_of(fields):
    """The properties of a named tuple's class."""
    return {name: property(item_at(number)) for number, name in enumerate(fields)}


def item_at(number):
    def item(self):
        return self._fleet_content[number]
    return item


class Record(tuple_):
    """What named tuples with special methods of the program inherit from."""

    _fleet_kept = "__repr__"

    def __new__(cls, *given, **named):
        fields, name = cls._fields, f"{cls.__name__}.__new__()"
        if len(given) > len(fields):
            raise TypeError(f"{name} takes {len(fields) + 1} positional arguments but "
                            f"{len(given) + 1} were given")
        values = [*given]
        for field in fields[len(given):]:
            if field in named:
                values.append(named.pop(field))
            elif field in cls._field_defaults:
                values.append(cls._field_defaults[field])
            else:
                raise TypeError(f"{name} missing 1 required positional argument: {field!r}")
        for field in named:
            how = "multiple values for" if field in fields else "an unexpected keyword"
            raise TypeError(f"{name} got {how} argument {field!r}")
        made = object.__new__(cls)
        object.__setattr__(made, "_fleet_content", tuple(values))
        return made

    def __repr__(self):
        content = self._fleet_content
        parts = [f"{name}={content[at]!r}" for at, name in enumerate(self._fields)]
        return f"{type(self).__name__}({', '.join(parts)})"

    @classmethod
    def _make(cls, iterable):
        return cls(*iterable)

    def _asdict(self):
        content = self._fleet_content
        return {name: content[at] for at, name in enumerate(self._fields)}

    def _replace(self, **named):
        content = self._fleet_content
        values = [named.pop(name, content[at]) for at, name in enumerate(self._fields)]
        if named:
            raise ValueError(f"Got unexpected field names: {list(named)!r}")
        return type(self)(*values)


def method_of_content(name):
    def method(self, *given, **named):
        return getattr(self._fleet_content, name)(*[content_of(one) for one in given], **named)
    return method


class str_(Repeated):
    _fleet_kept = ""

    def __new__(cls, value="", *given, **named):
        made = object.__new__(cls)
        object.__setattr__(made, "_fleet_content", str(content_of(value), *given, **named))
        return made

    def __hash__(self):
        return hash(self._fleet_content)

    def __repr__(self):
        return repr(self._fleet_content)

    def __str__(self):
        return self._fleet_content

    def __format__(self, spec):
        return format(self._fleet_content, spec) if spec else str(self)

    def __mod__(self, values):
        return self._fleet_content % values

    def __contains__(self, item):
        return content_of(item) in self._fleet_content

    capitalize = method_of_content("capitalize")
    casefold = method_of_content("casefold")
    center = method_of_content("center")
    endswith = method_of_content("endswith")
    expandtabs = method_of_content("expandtabs")
    find = method_of_content("find")
    format = method_of_content("format")
    isalnum = method_of_content("isalnum")
    isalpha = method_of_content("isalpha")
    isascii = method_of_content("isascii")
    isdecimal = method_of_content("isdecimal")
    isdigit = method_of_content("isdigit")
    isidentifier = method_of_content("isidentifier")
    islower = method_of_content("islower")
    isnumeric = method_of_content("isnumeric")
    isprintable = method_of_content("isprintable")
    isspace = method_of_content("isspace")
    istitle = method_of_content("istitle")
    isupper = method_of_content("isupper")
    join = method_of_content("join")
    ljust = method_of_content("ljust")
    lower = method_of_content("lower")
    lstrip = method_of_content("lstrip")
    partition = method_of_content("partition")
    removeprefix = method_of_content("removeprefix")
    removesuffix = method_of_content("removesuffix")
    replace = method_of_content("replace")
    rfind = method_of_content("rfind")
    rindex = method_of_content("rindex")
    rjust = method_of_content("rjust")
    rpartition = method_of_content("rpartition")
    rsplit = method_of_content("rsplit")
    rstrip = method_of_content("rstrip")
    split = method_of_content("split")
    splitlines = method_of_content("splitlines")
    startswith = method_of_content("startswith")
    strip = method_of_content("strip")
    swapcase = method_of_content("swapcase")
    title = method_of_content("title")
    translate = method_of_content("translate")
    upper = method_of_content("upper")
    zfill = method_of_content("zfill")
    encode = method_of_content("encode")


def forward(act):
    """A method for an operator of numbers, that of the content."""
    def method(self, other):
        other = content_of(other)
        if not isinstance(other, (int, float, complex)):
            return NotImplemented
        return act(self._fleet_content, other)
    return method


def backward(act):
    """The same where the content stands on the right."""
    def method(self, other):
        if not isinstance(other, (int, float, complex)):
            return NotImplemented
        return act(other, self._fleet_content)
    return method


class Number(Ordered):
    _fleet_kept = ""

    def __repr__(self):
        return repr(self._fleet_content)

    def __hash__(self):
        return hash(self._fleet_content)

    def __bool__(self):
        return bool(self._fleet_content)

    def __int__(self):
        return int(self._fleet_content)

    def __float__(self):
        return float(self._fleet_content)

    def __round__(self, digits=None):
        return round(self._fleet_content, digits)

    def __format__(self, spec):
        return format(self._fleet_content, spec) if spec else str(self)

    def __neg__(self):
        return -self._fleet_content

    def __pos__(self):
        return +self._fleet_content

    def __abs__(self):
        return abs(self._fleet_content)

    __add__ = forward(operator.add)
    __radd__ = backward(operator.add)
    __sub__ = forward(operator.sub)
    __rsub__ = backward(operator.sub)
    __mul__ = forward(operator.mul)
    __rmul__ = backward(operator.mul)
    __truediv__ = forward(operator.truediv)
    __rtruediv__ = backward(operator.truediv)
    __floordiv__ = forward(operator.floordiv)
    __rfloordiv__ = backward(operator.floordiv)
    __mod__ = forward(operator.mod)
    __rmod__ = backward(operator.mod)
    __pow__ = forward(operator.pow)
    __rpow__ = backward(operator.pow)

    def __divmod__(self, other):
        return divmod(self._fleet_content, content_of(other))


class float_(Number):
    _fleet_kept = ""

    def __new__(cls, value=0.0):
        made = object.__new__(cls)
        object.__setattr__(made, "_fleet_content", float(content_of(value)))
        return made

    def is_integer(self):
        return self._fleet_content.is_integer()


class int_(Number):
    _fleet_kept = ""

    def __new__(cls, value=0, *base):
        made = object.__new__(cls)
        object.__setattr__(made, "_fleet_content", int(content_of(value), *base))
        return made

    def __index__(self):
        return self._fleet_content

    def __invert__(self):
        return ~self._fleet_content

    def bit_length(self):
        return self._fleet_content.bit_length()

    def bit_count(self):
        return self._fleet_content.bit_count()

    def __and__(self, other):
        return self._fleet_content & content_of(other)

    def __rand__(self, other):
        return other & self._fleet_content

    def __or__(self, other):
        return self._fleet_content | content_of(other)

    def __ror__(self, other):
        return other | self._fleet_content

    def __xor__(self, other):
        return self._fleet_content ^ content_of(other)

    def __rxor__(self, other):
        return other ^ self._fleet_content

    def __lshift__(self, other):
        return self._fleet_content << content_of(other)

    def __rshift__(self, other):
        return self._fleet_content >> content_of(other)
