# args: 1950
import sys
from typing import NamedTuple, Optional


class Book(NamedTuple):
    title: str
    author: str
    year: int
    borrowed_by: Optional[str] = None


books = [
    Book("Emma", "Austen", 1815),
    Book("Dune", "Herbert", 1965, "Ann"),
    Book("1984", "Orwell", 1949),
]
since = int(sys.argv[1])
for book in sorted(books, key=lambda b: b.year):
    age = "new" if book.year >= since else "old"
    print(f"{book.title:<6}{book.author:<10}{book.year} {age} {book.borrowed_by or '-'}")
borrowed = books[2]._replace(borrowed_by="Bob")
print(borrowed)
title, author, *rest = borrowed
print(title, author, rest)
