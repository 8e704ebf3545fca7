# args: 255 2 16 8 3
import sys

DIGITS = "0123456789abcdef"


def convert(number, base):
    if number == 0:
        return "0"
    digits = []
    while number:
        number, digit = divmod(number, base)
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))


number = int(sys.argv[1])
for base in map(int, sys.argv[2:]):
    text = convert(number, base)
    print(base, text, int(text, base) == number)
print(bin(number), hex(number), oct(number), f"{number:#010b}")
