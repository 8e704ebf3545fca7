"""`unicodedata`: what Unicode says of characters."""

from primitives import codec

_MISSING = object()


def lookup(name, /):
    return codec("unicodedata.lookup", "str", name)


def name(chr, default=_MISSING, /):
    if default is _MISSING:
        return codec("unicodedata.name", "str", chr)
    return codec("unicodedata.name", "object", chr, default)


def category(chr, /):
    return codec("unicodedata.category", "str", chr)


def bidirectional(chr, /):
    return codec("unicodedata.bidirectional", "str", chr)


def combining(chr, /):
    return codec("unicodedata.combining", "int", chr)


def east_asian_width(chr, /):
    return codec("unicodedata.east_asian_width", "str", chr)


def mirrored(chr, /):
    return codec("unicodedata.mirrored", "int", chr)


def decimal(chr, *default):
    return codec("unicodedata.decimal", "object" if default else "int", chr, *default)


def digit(chr, *default):
    return codec("unicodedata.digit", "object" if default else "int", chr, *default)


def numeric(chr, *default):
    return codec("unicodedata.numeric", "object" if default else "float", chr, *default)


def decomposition(chr, /):
    return codec("unicodedata.decomposition", "str", chr)


def normalize(form, unistr, /):
    return codec("unicodedata.normalize", "str", form, unistr)


def is_normalized(form, unistr, /):
    return codec("unicodedata.is_normalized", "bool", form, unistr)
