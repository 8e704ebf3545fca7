"""What the classes of `collections.abc` mix in, for instances that only run time knows.

In: an instance of a class of the program's that inherits from one of them. Out: what Python's own
method gives, by the special methods that the program defines.
"""

NOTHING = object()


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
    pairs = [(key, mapping[key]) for key in mapping]
    return dict(pairs)


def dict_of(mapping):
    return dict([(key, mapping[key]) for key in mapping.keys()])  # noqa: SIM118


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
    return occurrences(self, value)


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
