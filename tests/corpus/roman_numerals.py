# args: 4 9 1994 MCMXC
import sys

TABLE = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]  # fmt: skip


def to_roman(number):
    result = ""
    for value, letters in TABLE:
        while number >= value:
            result += letters
            number -= value
    return result


def from_roman(text):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    for letter, after in zip(text, text[1:] + " "):
        value = values[letter]
        total += -value if values.get(after, 0) > value else value
    return total


for argument in sys.argv[1:]:
    if argument.isdigit():
        print(argument, to_roman(int(argument)))
    else:
        print(argument, from_roman(argument))
