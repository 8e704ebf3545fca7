# args: 3 8
import sys
def rows(n):
    try:
        for i in range(n):
            yield i
    except GeneratorExit:
        print("told to leave")
        raise
    finally:
        print("closed")
def plain(n):
    try:
        for i in range(n):
            yield i
    finally:
        print("plain closed")
def find(n, k):
    for x in rows(n):
        if x == k:
            return x
    return -1
n = int(sys.argv[1])
print(find(n, 1))
print(find(n, 100))
for x in plain(n):
    if x == n - 1:
        break
    print(x)
else:
    print("all")
try:
    for x in plain(n):
        print(10 // (x - 1))
except ZeroDivisionError as e:
    print("zero", e)
for x in plain(5):
    if x == 2:
        break
    print(x)
try:
    for x in rows(5):
        if x == n:
            raise ValueError("three")
        print(x)
except ValueError as e:
    print("value", e)
for x in rows(2):
    for y in plain(n):
        if y > x:
            break
        print(x, y)
print("end")
