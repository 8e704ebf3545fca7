import sys

n = int(sys.argv[1])
s = 0.0
for i in range(n * n):
    s += i * 0.5
print(s)
