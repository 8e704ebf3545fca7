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


def _of(name):
    """The function that begins a digest of one kind."""

    def begin(string=b"", *, usedforsecurity=True):
        return HASH(name, string)

    return begin


md5 = _of("md5")
sha1 = _of("sha1")
sha224 = _of("sha224")
sha256 = _of("sha256")
sha384 = _of("sha384")
sha512 = _of("sha512")
sha3_256 = _of("sha3_256")
sha3_512 = _of("sha3_512")
