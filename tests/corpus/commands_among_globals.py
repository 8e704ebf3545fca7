# args: add mul nope E
import sys, os, math, json
from collections import deque, Counter
from dataclasses import dataclass
A = 1
B = "two"
C = [1, 2]
D = {"k": 1}
E = 3.5
@dataclass
class P:
    x: int
class Q:
    pass
def cmd_add(a, b): return a + b
def cmd_sub(a, b): return a - b
def cmd_mul(a, b): return a * b
def cmd_pow(a, b): return a ** b
def helper1(): pass
def helper2(): pass
def helper3(): pass
def helper4(): pass
def helper5(): pass
def main():
    for w in sys.argv[1:]:
        fn = globals().get("cmd_" + w)
        if fn is None:
            print("unknown", w)
        else:
            print(w, fn(7, 3))
        print(globals()[w] if w in globals() else "-")
main()
