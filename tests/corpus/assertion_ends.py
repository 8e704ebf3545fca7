# args: 4
import sys


def mean(values):
    assert len(values) > 0, "mean of nothing"
    return sum(values) / len(values)


n = int(sys.argv[1])
values = [i * 0.5 for i in range(n)]
while True:
    print(len(values), mean(values))
    values.pop()
