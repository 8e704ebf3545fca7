# args: 2
import sys


def common(x, y):
    m, n = len(x), len(y)
    lengths = [[0] * (n + 1) for _ in range(m + 1)]
    for i in range(m + 1):
        for j in range(n + 1):
            if i == 0 or j == 0:
                lengths[i][j] = 0
            elif x[i - 1] == y[j - 1]:
                lengths[i][j] = lengths[i - 1][j - 1] + 1
            else:
                lengths[i][j] = max(lengths[i - 1][j], lengths[i][j - 1])
    found = []
    i, j = m, n
    while i > 0 and j > 0:
        if x[i - 1] == y[j - 1]:
            found.append(x[i - 1])
            i -= 1
            j -= 1
        elif lengths[i - 1][j] > lengths[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return lengths[m][n], "".join(reversed(found))


times = int(sys.argv[1])
print(common("ACCGGTCGAGTG" * times, "GTCGTTCGGAAT" * times))
