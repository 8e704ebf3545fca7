# args: hello eat style rhythm
import sys

VOWELS = "aeiou"


def translate(word):
    for i, letter in enumerate(word):
        if letter in VOWELS:
            return word[i:] + (word[:i] + "ay" if i else "way")
    return word + "ay"


print(" ".join(translate(word) for word in sys.argv[1:]))
