# args: Fleet!
import sys

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def encode(data):
    out = []
    for i in range(0, len(data), 3):
        chunk = data[i : i + 3]
        value = int.from_bytes(chunk + b"\0" * (3 - len(chunk)), "big")
        letters = [ALPHABET[value >> shift & 63] for shift in (18, 12, 6, 0)]
        out.append("".join(letters[: len(chunk) + 1]).ljust(4, "="))
    return "".join(out)


print(encode(sys.argv[1].encode("utf-8")))
