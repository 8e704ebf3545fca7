"""`copy`: copies of what a program makes, one level deep or all the way.

In: an object. Out: another one that is equal. The one idea: what has no state of its own is its own
copy; a memo of what has been copied keeps an object that is met twice one object.
"""

from primitives import (
    copied,
    copied_table,
    is_atomic,
    is_late,
    is_storage,
    is_table,
    make_like,
    run_time_dict,
    state_of,
)


class Error(Exception):
    pass


error = Error


def copy(x):
    if is_late(x):
        return copied(x, False, None)
    if is_atomic(x):
        return x
    if is_storage(x):
        return x.copy()
    if hasattr(type(x), "__copy__"):
        return x.__copy__()
    if isinstance(x, tuple):
        return x
    if type(x) in (list, dict, set):
        return x.copy()
    if hasattr(x, "copy") and not hasattr(x, "__dict__"):
        return x.copy()
    made = make_like(x, state_of(x), None)
    _fill(made, x, lambda item: item)
    return made


def _fill(made, x, convert):
    """What an object of a class that inherits from a container contains."""
    if isinstance(x, dict):
        for name, value in x.items():
            dict.__setitem__(made, convert(name), convert(value))
    elif isinstance(x, list):
        for item in x:
            list.append(made, convert(item))
    elif isinstance(x, set):
        for item in x:
            set.add(made, convert(item))


def _memo_of_run(memo):
    """What of the run's objects has been copied: None where nothing but such an object is."""
    if memo is None:
        return None
    if _OF_RUN not in memo:
        memo[_OF_RUN] = run_time_dict()
    return memo[_OF_RUN]


_OF_RUN = "of the run"
"""A key of a memo that is nobody's id()."""


def deepcopy(x, memo=None):
    if is_late(x):
        return copied(x, True, _memo_of_run(memo))
    if is_atomic(x):
        return x
    alone = memo is None
    if alone:
        memo = {}
    key = id(x)
    if key in memo:
        return memo[key]
    if is_table(x):
        made = copied_table(x, alone)
    elif is_storage(x):
        made = x.copy()
    elif hasattr(type(x), "__deepcopy__"):
        made = x.__deepcopy__(memo)
    elif type(x) is list:
        made = memo[key] = []
        for item in x:
            made.append(deepcopy(item, memo))
    elif type(x) is dict:
        made = memo[key] = {}
        for name, value in x.items():
            made[deepcopy(name, memo)] = deepcopy(value, memo)
    elif isinstance(x, tuple):
        items = [deepcopy(item, memo) for item in x]
        same = all(a is b for a, b in zip(items, x))
        made = x if same else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    elif type(x) is set:
        made = {deepcopy(item, memo) for item in x}
    elif type(x) is frozenset:
        made = x
    elif hasattr(x, "copy") and not hasattr(x, "__dict__"):
        made = x.copy()
        places = list(made) if isinstance(made, dict) else range(len(made))
        for place in places:
            made[place] = deepcopy(made[place], memo)
    else:
        made = make_like(x, {}, lambda empty: memo.setdefault(key, empty))
        for name, value in state_of(x).items():
            object.__setattr__(made, name, deepcopy(value, memo))
        _fill(made, x, lambda item: deepcopy(item, memo))
    memo[key] = made
    return made
