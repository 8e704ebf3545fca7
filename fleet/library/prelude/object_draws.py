"""What random generators choose of arrays of texts and of objects."""


def drawn_of(a, at):
    return asarray(a)[at]


def count_to_draw_of(a):
    return len(a)


def shuffle_by(a, order):
    a[...] = a[order]
