"""`zlib`: checksums, and bytes packed whole."""

from primitives import codec, codec_mistake


class error(Exception):  # noqa: N801, N818
    pass


error.__module__ = "zlib"
DEFLATED = 8
MAX_WBITS = 15
Z_BEST_COMPRESSION = 9
Z_BEST_SPEED = 1
Z_DEFAULT_COMPRESSION = -1


def crc32(data, value=0, /):
    return codec("zlib.crc32", "int", data, value)


def adler32(data, value=1, /):
    return codec("zlib.adler32", "int", data, value)


def compress(data, /, level=-1):
    return codec("zlib.compress", "bytes", data, level)


def decompress(data, /):
    mistake = codec_mistake("zlib.decompress", data)
    if mistake is not None:
        raise error(mistake)
    return codec("zlib.decompress", "bytes", data)
