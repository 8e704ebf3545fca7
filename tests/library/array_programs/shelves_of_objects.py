import sys
import numpy as np
class Shelf:
    def __init__(self, n):
        self.books = None
        self.n = n
    def fill(self):
        self.books = np.array([f"book{i}" for i in range(self.n)], dtype=object)
shelves = [Shelf(int(a)) for a in sys.argv[1:]]
for s in shelves:
    if s.n > 2:
        s.fill()
for s in shelves:
    print(s.n, s.books is None)
    if s.books is not None:
        print(s.books, s.books.size)
        s.books[0] = s.n
        print(s.books[::-1])
