"""`base64`: bytes as printable ones, by RFC 4648 and its relatives."""

from binascii import Error as _Error

from primitives import codec, codec_mistake


def _encoding(name):
    def encode(s, *more):
        return codec("base64." + name, "bytes", s, *more)

    encode.__name__ = name
    return encode


def _decoding(name):
    def decode(s, *more):
        mistake = codec_mistake("base64." + name, s, *more)
        if mistake is not None:
            raise _Error(mistake)
        return codec("base64." + name, "bytes", s, *more)

    decode.__name__ = name
    return decode


standard_b64encode = _encoding("standard_b64encode")
urlsafe_b64encode = _encoding("urlsafe_b64encode")
b32encode = _encoding("b32encode")
b16encode = _encoding("b16encode")
encodebytes = _encoding("encodebytes")
standard_b64decode = _decoding("standard_b64decode")
urlsafe_b64decode = _decoding("urlsafe_b64decode")
b16decode = _decoding("b16decode")
decodebytes = _decoding("decodebytes")
_b64encode = _encoding("b64encode")
_b64decode = _decoding("b64decode")
_b32decode = _decoding("b32decode")


def b64encode(s, altchars=None):
    return _b64encode(s) if altchars is None else _b64encode(s, altchars)


def b64decode(s, altchars=None, validate=False):
    return _b64decode(s, altchars, validate) if validate or altchars is not None else _b64decode(s)


def b32decode(s, casefold=False, map01=None):
    return _b32decode(s, casefold, map01) if map01 is not None else _b32decode(s, casefold)
