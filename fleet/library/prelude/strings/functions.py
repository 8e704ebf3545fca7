"""Functions of np.strings and np.char: those that NumPy has for arrays of texts.

In: arrays of texts, lists of them, texts. Out: arrays of texts, of truths, of counts. The one idea:
the host calls NumPy's own.
"""


def strings_upper(a):
    return strings_call("upper", (a,))


def strings_lower(a):
    return strings_call("lower", (a,))


def strings_capitalize(a):
    return strings_call("capitalize", (a,))


def strings_title(a):
    return strings_call("title", (a,))


def strings_swapcase(a):
    return strings_call("swapcase", (a,))


def strings_isalpha(a):
    return strings_call("isalpha", (a,))


def strings_isdigit(a):
    return strings_call("isdigit", (a,))


def strings_isdecimal(a):
    return strings_call("isdecimal", (a,))


def strings_isnumeric(a):
    return strings_call("isnumeric", (a,))


def strings_isspace(a):
    return strings_call("isspace", (a,))


def strings_isupper(a):
    return strings_call("isupper", (a,))


def strings_islower(a):
    return strings_call("islower", (a,))


def strings_isalnum(a):
    return strings_call("isalnum", (a,))


def strings_istitle(a):
    return strings_call("istitle", (a,))


def strings_str_len(a):
    return strings_call("str_len", (a,))


def strings_add(x1, x2):
    return strings_call("add", (x1, x2))


def strings_multiply(a, i):
    return strings_call("multiply", (a, i))


def strings_equal(x1, x2):
    return made_texts(x1) == made_texts(x2)


def strings_not_equal(x1, x2):
    return made_texts(x1) != made_texts(x2)


def strings_less(x1, x2):
    return made_texts(x1) < made_texts(x2)


def strings_less_equal(x1, x2):
    return made_texts(x1) <= made_texts(x2)


def strings_greater(x1, x2):
    return made_texts(x1) > made_texts(x2)


def strings_greater_equal(x1, x2):
    return made_texts(x1) >= made_texts(x2)


def strings_strip(a, chars=None):
    return strings_call("strip", (a,) if chars is None else (a, chars))


def strings_lstrip(a, chars=None):
    return strings_call("lstrip", (a,) if chars is None else (a, chars))


def strings_rstrip(a, chars=None):
    return strings_call("rstrip", (a,) if chars is None else (a, chars))


def strings_center(a, width, fillchar=" "):
    return strings_call("center", (a, width, fillchar))


def strings_ljust(a, width, fillchar=" "):
    return strings_call("ljust", (a, width, fillchar))


def strings_rjust(a, width, fillchar=" "):
    return strings_call("rjust", (a, width, fillchar))


def strings_zfill(a, width):
    return strings_call("zfill", (a, width))


def strings_find(a, sub, start=0, end=None):
    return strings_call("find", span_given((a, sub, start), end))


def strings_rfind(a, sub, start=0, end=None):
    return strings_call("rfind", span_given((a, sub, start), end))


def strings_index(a, sub, start=0, end=None):
    return strings_call("index", span_given((a, sub, start), end))


def strings_rindex(a, sub, start=0, end=None):
    return strings_call("rindex", span_given((a, sub, start), end))


def strings_count(a, sub, start=0, end=None):
    return strings_call("count", span_given((a, sub, start), end))


def strings_startswith(a, prefix, start=0, end=None):
    return strings_call("startswith", span_given((a, prefix, start), end))


def strings_endswith(a, suffix, start=0, end=None):
    return strings_call("endswith", span_given((a, suffix, start), end))


def strings_replace(a, old, new, count=-1):
    return strings_call("replace", (a, old, new, count))


def span_given(values, end):
    """Arguments that end with where to begin, and where to end, if that is said."""
    return values if end is None else (*values, end)
