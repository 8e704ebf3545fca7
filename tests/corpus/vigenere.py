# args: LEMON ATTACKATDAWN
import sys
from itertools import cycle

key, text = sys.argv[1], sys.argv[2]
A = ord("A")


def encrypt(text, key):
    return "".join(
        chr((ord(c) - A + ord(k) - A) % 26 + A) for c, k in zip(text, cycle(key))
    )


def decrypt(text, key):
    return "".join(
        chr((ord(c) - ord(k)) % 26 + A) for c, k in zip(text, cycle(key))
    )


secret = encrypt(text, key)
print(secret, decrypt(secret, key) == text)
