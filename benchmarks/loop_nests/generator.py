import sys

n = int(sys.argv[1])
x = 12345
s = 0
for i in range(n * n):
    x = (x * 1103515245 + 12345) % 2147483648
    if x % 3 == 0:
        s += x // 7
print(x, s)
