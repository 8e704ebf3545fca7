"""What the classes of `collections.abc` mix in, for instances that only run time knows.

In: an instance of a class of the program's that inherits from one of them. Out: what Python's own
method gives, by the special methods that the program defines.
"""

from collections.abc import Iterable, Mapping, Set

NOTHING = object()


def any_holds(items, holds):
    for item in items:  # noqa: SIM110
        if holds(item):
            return True
    return False


def Mapping_get(self, key, default=None):
    try:
        return self[key]
    except KeyError:
        return default


def Mapping_keys(self):
    return as_dict(self).keys()


def Mapping_values(self):
    return as_dict(self).values()


def Mapping_items(self):
    return as_dict(self).items()


def as_dict(mapping):
    made = {}
    for key in mapping:
        made[key] = mapping[key]
    return made


def dict_of(mapping):
    made = {}
    for key in mapping.keys():  # noqa: SIM118
        made[key] = mapping[key]
    return made


def Mapping___eq__(self, other):
    if isinstance(other, Mapping):
        return dict_of(self) == dict(other)
    return NotImplemented


def Mapping___contains__(self, key):
    try:
        self[key]
    except KeyError:
        return False
    return True


def MutableMapping_pop(self, key, default=NOTHING):
    try:
        value = self[key]
    except KeyError:
        if default is NOTHING:
            raise
        return default
    del self[key]
    return value


def MutableMapping_clear(self):
    for key in list(self):
        del self[key]


def MutableMapping_update(self, other=(), /, **more):
    if hasattr(other, "keys"):
        for key in list(other.keys()):
            self[key] = other[key]
    else:
        for key, value in other:
            self[key] = value
    for key in more:
        self[key] = more[key]


def MutableMapping_setdefault(self, key, default=None):
    try:
        return self[key]
    except KeyError:
        self[key] = default
    return default


def Sequence_index(self, value, start=0, stop=None):
    at = max(len(self) + start, 0) if start < 0 else start
    if stop is not None and stop < 0:
        stop += len(self)
    while stop is None or at < stop:
        try:
            item = self[at]
        except IndexError:
            break
        if item is value or item == value:
            return at
        at += 1
    raise ValueError


def Sequence_count(self, value):
    count = 0
    for item in self:
        if item is value or item == value:
            count += 1
    return count


def Sequence___contains__(self, value):
    for item in self:  # noqa: SIM110
        if item is value or item == value:
            return True
    return False


def Sequence___iter__(self):
    at = 0
    while True:
        try:
            item = self[at]
        except IndexError:
            return
        yield item
        at += 1


def Sequence___reversed__(self):
    for at in reversed(range(len(self))):
        yield self[at]


def MutableSequence_append(self, value):
    self.insert(len(self), value)


def MutableSequence_clear(self):
    while len(self):
        self.pop()


def MutableSequence_extend(self, values):
    for value in values:
        self.append(value)


def MutableSequence_pop(self, index=-1):
    value = self[index]
    del self[index]
    return value


def MutableSequence_remove(self, value):
    del self[self.index(value)]


def MutableSequence_reverse(self):
    count = len(self)
    for at in range(count // 2):
        self[at], self[count - at - 1] = self[count - at - 1], self[at]


def MutableSequence___iadd__(self, values):
    self.extend(values)
    return self


def MutableMapping_popitem(self):
    for key in self:
        value = self[key]
        del self[key]
        return key, value
    raise KeyError


def within(items, others):
    for item in items:  # noqa: SIM110
        if item not in others:
            return False
    return True


def Set___le__(self, other):
    if not isinstance(other, Set):
        return NotImplemented
    return len(self) <= len(other) and within(self, other)


def Set___lt__(self, other):
    if not isinstance(other, Set):
        return NotImplemented
    return len(self) < len(other) and within(self, other)


def Set___ge__(self, other):
    if not isinstance(other, Set):
        return NotImplemented
    return len(self) >= len(other) and within(other, self)


def Set___gt__(self, other):
    if not isinstance(other, Set):
        return NotImplemented
    return len(self) > len(other) and within(other, self)


def Set___eq__(self, other):
    if not isinstance(other, Set):
        return NotImplemented
    return len(self) == len(other) and within(self, other)


def Set_isdisjoint(self, other):
    for value in other:  # noqa: SIM110
        if value in self:
            return False
    return True


def Set___and__(self, other):
    if not isinstance(other, Iterable):
        return NotImplemented
    return self._from_iterable([value for value in other if value in self])


Set___rand__ = Set___and__


def Set___or__(self, other):
    if not isinstance(other, Iterable):
        return NotImplemented
    return self._from_iterable([*self, *other])


Set___ror__ = Set___or__


def Set___sub__(self, other):
    if not isinstance(other, Iterable):
        return NotImplemented
    others = other if isinstance(other, Set) else self._from_iterable(other)
    return self._from_iterable([value for value in self if value not in others])


def Set___rsub__(self, other):
    if not isinstance(other, Iterable):
        return NotImplemented
    others = other if isinstance(other, Set) else self._from_iterable(other)
    return self._from_iterable([value for value in others if value not in self])


def Set___xor__(self, other):
    if not isinstance(other, Iterable):
        return NotImplemented
    others = other if isinstance(other, Set) else self._from_iterable(other)
    return (self - others) | (others - self)


Set___rxor__ = Set___xor__


def MutableSet_remove(self, value):
    if value not in self:
        raise KeyError(value)
    self.discard(value)


def MutableSet_pop(self):
    for value in self:
        self.discard(value)
        return value
    raise KeyError


def MutableSet_clear(self):
    while len(self):
        self.pop()


def MutableSet___ior__(self, other):
    for value in other:
        self.add(value)
    return self


def MutableSet___iand__(self, other):
    for value in list(self):
        if value not in other:
            self.discard(value)
    return self


def MutableSet___isub__(self, other):
    for value in list(other):
        self.discard(value)
    return self
