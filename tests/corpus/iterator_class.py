# args: 1 20 3
import sys


class Countdown:
    def __init__(self, start, stop, step):
        self.now, self.stop, self.step = stop, start, step

    def __iter__(self):
        return self

    def __next__(self):
        if self.now < self.stop:
            raise StopIteration
        value = self.now
        self.now -= self.step
        return value


start, stop, step = map(int, sys.argv[1:])
for value in Countdown(start, stop, step):
    print(value, end=" ")
print()
print(sum(Countdown(start, stop, step)), max(Countdown(0, 3, 1)))
