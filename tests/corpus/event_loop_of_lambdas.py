# args: 3 1 2
import sys
from collections import deque


class Loop:
    def __init__(self):
        self.ready = deque()
        self.log = []

    def soon(self, callback):
        self.ready.append(callback)

    def run(self):
        turns = 0
        while self.ready:
            callback = self.ready.popleft()
            callback()
            turns += 1
        return turns


def countdown(loop, name, n):
    def step():
        loop.log.append(f"{name}{n}")
        if n > 0:
            loop.soon(countdown(loop, name, n - 1))
    return step


loop = Loop()
for i, text in enumerate(sys.argv[1:]):
    loop.soon(countdown(loop, "abc"[i % 3], int(text)))
    loop.soon(lambda text=text: loop.log.append("<" + text + ">"))
print(loop.run(), loop.log)
