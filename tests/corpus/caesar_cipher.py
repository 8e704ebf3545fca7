# args: 3 Hello, World!
import sys


def shift(text, by):
    result = ""
    for char in text:
        if char.isupper():
            result += chr((ord(char) - ord("A") + by) % 26 + ord("A"))
        elif char.islower():
            result += chr((ord(char) - ord("a") + by) % 26 + ord("a"))
        else:
            result += char
    return result


by = int(sys.argv[1])
text = " ".join(sys.argv[2:])
secret = shift(text, by)
print(secret)
print(shift(secret, -by))
