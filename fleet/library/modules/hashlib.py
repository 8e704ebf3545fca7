"""`hashlib`: digests. A hash is the bytes it was given; whoever asks for the digest has it made."""

from primitives import codec

_SIZES = {"md5": (16, 64), "sha1": (20, 64), "sha224": (28, 64), "sha256": (32, 64),
          "sha384": (48, 128), "sha512": (64, 128), "sha3_224": (28, 144), "sha3_256": (32, 136),
          "sha3_384": (48, 104), "sha3_512": (64, 72), "blake2b": (64, 128),
          "blake2s": (32, 64)}  # fmt: skip


class HASH:
    def __init__(self, name, data):
        self.name = name
        self.digest_size, self.block_size = _SIZES[name]
        self._data = b""
        self.update(data)

    def update(self, obj, /):
        if isinstance(obj, str):
            raise TypeError("Strings must be encoded before hashing")
        self._data = self._data + bytes(obj)

    def digest(self):
        return codec("hashlib.digest", "bytes", self.name, self._data)

    def hexdigest(self):
        return self.digest().hex()

    def copy(self):
        return HASH(self.name, self._data)


HASH.__module__ = "_hashlib"


def new(name, data=b"", *, usedforsecurity=True):
    if name.lower() not in _SIZES:
        raise ValueError("unsupported hash type " + name)
    return HASH(name.lower(), data)


def md5(string=b"", *, usedforsecurity=True):
    return HASH("md5", string)


def sha1(string=b"", *, usedforsecurity=True):
    return HASH("sha1", string)


def sha224(string=b"", *, usedforsecurity=True):
    return HASH("sha224", string)


def sha256(string=b"", *, usedforsecurity=True):
    return HASH("sha256", string)


def sha384(string=b"", *, usedforsecurity=True):
    return HASH("sha384", string)


def sha512(string=b"", *, usedforsecurity=True):
    return HASH("sha512", string)


def sha3_256(string=b"", *, usedforsecurity=True):
    return HASH("sha3_256", string)


def sha3_512(string=b"", *, usedforsecurity=True):
    return HASH("sha3_512", string)
