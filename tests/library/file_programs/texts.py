"""Texts that are written, read again, and not found; sys.argv: name, number, a folder, no file."""

import json
import os
import sys

import numpy as np
with open("out.txt", "w", encoding="utf-8") as f:
    print(f.write("héllo\n"))
    f.writelines(["a\n", "b\n"])
    print("n", 3, sys.argv[1], file=f)
print(f.closed)
with open("out.txt") as f:
    for line in f:
        print(repr(line), len(line))
f = open("out.txt")  # noqa: SIM115
print(f.read(4), f.readline(), f.read())
f.close()
with open(sys.argv[1] + ".txt", "a") as f:
    f.write("x" * int(sys.argv[2]) + "\n")
lines = open(sys.argv[1] + ".txt").readlines()
print(lines, len(lines))
try:
    open("nothing.txt")
except FileNotFoundError as e:
    print(e, e.errno, e.filename)
try:
    open(sys.argv[1] + "nothing.txt")
except OSError as e:
    print(e, e.errno, e.filename, e.strerror, type(e).__name__)
try:
    open(sys.argv[3], "w")
except IsADirectoryError as e:
    print("dir", e)
try:
    f.read()
except ValueError as e:
    print(e)
print(os.path.exists("out.txt"), os.path.isfile(sys.argv[1] + ".txt"))
with open("d.json", "w") as f:
    json.dump({"a": [1, 2, int(sys.argv[2])], "b": sys.argv[1]}, f, indent=1)
with open("d.json") as f:
    d = json.load(f)
print(d["a"], d)
total = 0
with open("nums.txt", "w") as f:
    for i in range(int(sys.argv[2])):
        print(i, i * i, file=f)
for line in open("nums.txt"):
    a, b = line.split()
    total += int(a) + int(b)
print(total)
with open("b.bin", "wb") as f:
    f.write(bytes([1, 2, 255]))
with open("b.bin", "rb") as f:
    print(f.read())
try:
    with open("out.txt") as f:
        f.write("x")
except OSError as e:
    print(type(e).__name__, e)
open(sys.argv[4])
