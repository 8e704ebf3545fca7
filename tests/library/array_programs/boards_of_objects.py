import sys
import numpy as np
class Piece:
    def __init__(self, name):
        self.name = name
    def __repr__(self):
        return self.name
class Board:
    def __init__(self, n):
        self.n = n
        self.reset()
    def reset(self):
        self.cells = np.full((self.n, self.n), None, dtype=object)
    def place(self, i, j, piece):
        if self.cells[i, j] is not None:
            return False
        self.cells[i, j] = piece
        return True
    def free(self):
        return [(int(i), int(j)) for i, j in np.argwhere(self.cells == None)]
    def copy(self):
        b = Board(self.n)
        b.cells = self.cells.copy()
        return b
    def __str__(self):
        return "\n".join([" ".join(["." if c is None else repr(c) for c in row]) for row in self.cells])
boards = []
for a in sys.argv[1:]:
    b = Board(int(a))
    boards.append(b)
for k, b in enumerate(boards):
    print(b.place(0, k % b.n, Piece("P%d" % k)), b.place(0, k % b.n, Piece("X")))
    print(b)
    print(len(b.free()), b.cells.shape, b.cells.dtype)
c = boards[0].copy()
c.place(1, 1, Piece("C"))
print(c)
print(boards[0])
best = max(boards, key=lambda b: len(b.free()))
print(best.n, best.cells[0])
history = [c]
for t in range(3):
    nxt = history[-1].copy()
    nxt.cells = np.rot90(nxt.cells)
    history.append(nxt)
for h in history:
    print(h, end="\n\n")
