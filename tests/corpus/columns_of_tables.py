# args: 5
import sys
n = int(sys.argv[1])
A = [[1.0 / (1 + abs(i - j)) for j in range(n)] for i in range(n)]
def matmul(A, B):
    return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]
P = matmul(A, A)
print(P[0][0], P[-1][-1])
T = [list(r) for r in zip(*A)]
print(T[0][:3])
A = [[1.0 / (1 + abs(i - j)) for j in range(n)] for i in range(n)]
r = A[0]
for c in zip(*A):
    print(c)
    for a, b in zip(r, c):
        print(a * b, end=" ")
