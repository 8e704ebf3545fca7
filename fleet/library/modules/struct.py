"""`struct`: numbers and bytes in the layout of C's."""

from primitives import codec, codec_mistake


class error(Exception):  # noqa: N801, N818
    pass


error.__module__ = "struct"


def _checked(name, gives, *given):
    mistake = codec_mistake(name, *given)
    if mistake is not None:
        raise error(mistake)
    return codec(name, gives, *given)


def calcsize(format, /):
    return _checked("struct.calcsize", "int", format)


def pack(format, /, *values):
    return _checked("struct.pack", "bytes", format, *values)


def unpack(format, buffer, /):
    return _checked("struct.unpack", "tuple", format, buffer)


def unpack_from(format, /, buffer, offset=0):
    return _checked("struct.unpack_from", "tuple", format, buffer, offset)


def iter_unpack(format, buffer, /):
    return iter(_checked("struct.iter_unpack", "list", format, buffer))


class Struct:
    def __init__(self, format):
        self.format = format
        self.size = calcsize(format)

    def pack(self, *values):
        return pack(self.format, *values)

    def unpack(self, buffer):
        return unpack(self.format, buffer)

    def unpack_from(self, buffer, offset=0):
        return unpack_from(self.format, buffer, offset)

    def iter_unpack(self, buffer):
        return iter_unpack(self.format, buffer)
