"""Calls with `**value`, of which only run time knows the names: Python's rules for them.

In: a dictionary of the run's, and what a function's parameters are called. Out: TypeErrors as
CPython's.
"""


def check_keywords(given, name, taken, accepted, required, keyword_only, takes_any):
    """Raise what Python raises where the parameters are not given as they have to be.

    taken: parameters that have a value; accepted: those that may get one; required, keyword_only:
    of them those without a default.
    """
    for key in given:
        if not isinstance(key, str):
            raise TypeError("keywords must be strings")
        if key in taken:
            raise TypeError(f"{name}() got multiple values for argument '{key}'")
        if not takes_any and key not in accepted:
            raise TypeError(f"{name}() got an unexpected keyword argument '{key}'")
    check_none_missing(given, name, required, "positional")
    check_none_missing(given, name, keyword_only, "keyword-only")


def check_none_missing(given, name, parameters, kind):
    count = 0
    for parameter in parameters:
        if parameter not in given:
            count = count + 1
    if count == 0:
        return
    listed, found = "", 0
    for parameter in parameters:
        if parameter not in given:
            found = found + 1
            if found > 1:
                listed += ("," if count > 2 else "") + " and " if found == count else ", "
            listed += f"'{parameter}'"
    plural = "s" if count > 1 else ""
    raise TypeError(f"{name}() missing {count} required {kind} argument{plural}: {listed}")
