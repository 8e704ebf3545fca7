"""A proof about `w // 2` used facts about results that had just been replaced."""

import sys

n = int(sys.argv[1])


class Guard:
    seen = 0

    def __enter__(self):
        self.seen += 1
        return self

    def __exit__(self, kind, error, trace):
        print("exit", kind is not None, self.seen)
        return True


x, y, w = 0, 1, 0
while True:
    w += 1
    if w > n + 2:
        break
    v = None
    if n > 90:
        v = (1, n)
        with Guard() as guard:
            guard.seen += 1
            x = int(10 // ((w // 2) % 97 - n % 97)) % 97
            y = x % 97
print(x, y, w)
