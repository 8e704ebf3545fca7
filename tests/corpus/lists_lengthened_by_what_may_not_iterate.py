# args: 2
import sys
n = int(sys.argv[1])
class P:
    def __init__(self, v): self.v = v
for x in [P(i) for i in range(n)] + [None] * n:
    got = [[1]] * n
    try:
        got[0].extend(x)
    except TypeError as error:
        print(error)
    try:
        got[0] += x
    except TypeError as error:
        print(error)
    try:
        print("".join(x))
    except TypeError as error:
        print(error)
    s = {n}
    try:
        s.update(x)
    except TypeError as error:
        print(error)
