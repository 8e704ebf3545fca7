import sys

n = int(sys.argv[1])
s0, s1, s2, s3 = 1, n, n, n
for i0 in range(30):
    s1 = min(s1, s0 * 1.5)
    s2 += i0 if i0 % 2 else s1
    s2 %= 10
    s1 = (s1 * s1 + i0) % 10
    s3 = (i0 * s1 - s2) % 7
print(s1, s2, s3)
