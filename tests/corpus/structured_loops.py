# args: 5
import sys

n = int(sys.argv[1])
for i in range(1, n + 1):
    print(" " * (n - i) + "*" * (2 * i - 1))
for i in range(n):
    for j in range(n):
        if j == i:
            continue
        if i + j == n:
            break
        print(f"{i}{j}", end=" ")
    else:
        print("full", end="")
    print()
x = n
while x:
    x, rest = divmod(x, 2)
    print(rest, end="")
print()
