"""np.char: comparisons, which do not look at spaces at the end, and repetition.

In: arrays of texts. Out: arrays of truths, of texts. The one idea: what np.strings has as well is
there.
"""


def char_equal(x1, x2):
    return without_end(x1) == without_end(x2)


def char_not_equal(x1, x2):
    return without_end(x1) != without_end(x2)


def char_less(x1, x2):
    return without_end(x1) < without_end(x2)


def char_less_equal(x1, x2):
    return without_end(x1) <= without_end(x2)


def char_greater(x1, x2):
    return without_end(x1) > without_end(x2)


def char_greater_equal(x1, x2):
    return without_end(x1) >= without_end(x2)


def char_multiply(a, i):
    return strings_call("multiply", (a, i))


def without_end(a):
    return strings_call("rstrip", (a,))
