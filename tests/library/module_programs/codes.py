"""Codes of bytes, packed numbers, checksums and digests, of what only run time knows."""

import base64
import binascii
import hashlib
import re
import struct
import sys
import zlib

word, n = sys.argv[1].encode(), int(sys.argv[2])
for text in (sys.argv[1], "aGVsbG8=", "a"):
    try:
        print(base64.b64decode(text))
    except binascii.Error as error:
        print("bad:", error)
print(base64.b64encode(word), base64.urlsafe_b64encode(word + b"\xff\xfe"), base64.b32encode(word))
data = struct.pack(">hif3s?", n, -n, n / 2, word, True)
print(data, struct.unpack(">hif3s?", data), struct.calcsize(">hif3s?"))
for wrong in (lambda: struct.pack("B", n * 100), lambda: struct.unpack("<I", bytes(n))):
    try:
        wrong()
    except struct.error as error:
        print(error)
record = struct.Struct("<HB")
print([record.unpack(record.pack(i, i * n)) for i in range(3)])
print(list(struct.iter_unpack("<H", word[: len(word) // 2 * 2])))
whole = hashlib.sha256(word * n)
part = whole.copy()
whole.update(b"more")
print(whole.hexdigest(), part.hexdigest()[:8], whole.name, hashlib.md5(word).digest()[:4])
try:
    hashlib.sha1(sys.argv[1])
except TypeError as error:
    print(error)
print(binascii.hexlify(word), zlib.crc32(word), zlib.adler32(word), binascii.crc32(word))
print(zlib.decompress(zlib.compress(word * n))[:8], re.escape(sys.argv[1]))
