"""Rows of standard input by csv, asked for by next; letters that elif tells apart."""
# args: 3 Key
# stdin: name,dept,salary
# stdin: ann,it,100
# stdin: "Smith, J",it,120.5
import csv
import itertools
import string
import sys


def shift(letter, by):
    if letter in string.ascii_lowercase:
        base = ord("a")
    elif letter in string.ascii_uppercase:
        base = ord("A")
    else:
        return letter
    return chr((ord(letter) - base + by) % 26 + base)


reader = csv.reader(sys.stdin)
header = next(reader)
rows = [dict(zip(header, row)) for row in reader]
for row in rows:
    print(row["name"], float(row["salary"]) * int(sys.argv[1]))
keys = itertools.cycle(ord(c) - 97 for c in sys.argv[2].lower())
print("".join(shift(c, next(keys)) for c in "".join(row["name"] for row in rows)))
