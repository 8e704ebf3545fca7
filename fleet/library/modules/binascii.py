"""`binascii`: bytes as digits and back, and checksums of them."""

from primitives import codec, codec_mistake


class Error(ValueError):
    pass


Error.__module__ = "binascii"


def _checked(name, given):
    mistake = codec_mistake(name, *given)
    if mistake is not None:
        raise Error(mistake)
    return codec(name, "bytes", *given)


def hexlify(data, *sep):
    return codec("binascii.hexlify", "bytes", data, *sep)


def unhexlify(hexstr):
    return _checked("binascii.unhexlify", (hexstr,))


b2a_hex = hexlify
a2b_hex = unhexlify


def crc32(data, value=0):
    return codec("binascii.crc32", "int", data, value)


def crc_hqx(data, value):
    return codec("binascii.crc_hqx", "int", data, value)


def a2b_base64(data):
    return _checked("binascii.a2b_base64", (data,))


def b2a_base64(data):
    return codec("binascii.b2a_base64", "bytes", data)
