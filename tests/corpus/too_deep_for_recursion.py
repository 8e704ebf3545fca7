# args: 5
import sys

sys.setrecursionlimit(1000)

def depth(n):
    if n == 0:
        return 0
    return 1 + depth(n - 1)

def forever(n):
    if n < -1:
        return n
    return forever(n + 1) + 1

n = int(sys.argv[1])
for k in (n, n * 100, n * 1000):
    try:
        print(depth(k))
    except RecursionError:
        print("too deep at", k)

try:
    forever(n)
except RecursionError as error:
    print("caught", type(error).__name__, isinstance(error, RuntimeError))
else:
    print("never")
finally:
    print("after")

def safe(n):
    try:
        return depth(n)
    except RecursionError:
        return -1

print(safe(n), safe(n * 500))

def is_even(n):
    return True if n == 0 else is_odd(n - 1)

def is_odd(n):
    return False if n == 0 else is_even(n - 1)

for k in (n, n * 50, n * 5000):
    try:
        print(k, is_even(k))
    except RecursionError:
        print(k, "cannot say by recursion")

class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

def total(node):
    return 0 if node is None else node.value + total(node.next)

head = None
for i in range(n * 200):
    head = Node(i, head)
try:
    print(total(head))
except RecursionError:
    print("list too long")

sys.setrecursionlimit(5100)
try:
    print(depth(n * 500))
except RecursionError:
    print("still too deep")
