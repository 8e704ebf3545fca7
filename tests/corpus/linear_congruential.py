# args: 42 8
import sys


class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (1103515245 * self.state + 12345) % 2**31
        return self.state

    def between(self, low, high):
        return low + self.next() % (high - low + 1)


rng = Random(int(sys.argv[1]))
draws = [rng.between(1, 6) for _ in range(int(sys.argv[2]))]
print(draws)
items = list("abcdef")
for i in range(len(items) - 1, 0, -1):
    j = rng.between(0, i)
    items[i], items[j] = items[j], items[i]
print("".join(items))
