# args: ab Ab cd AB
import sys
from collections import Counter


class Word:
    """Equal whatever the case; compared with plain texts, too."""

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        if isinstance(other, str):
            return self.text.lower() == other.lower()
        if not isinstance(other, Word):
            return NotImplemented
        return self.text.lower() == other.text.lower()

    def __hash__(self):
        return len(self.text)

    def __repr__(self):
        return f"Word({self.text!r})"


class Shelf:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n


words = [Word(text) for text in sys.argv[1:]]
print(set(words), Counter(words).most_common(1), "CD" in words, words.index("cd"))
a, b = set(words[:2]), set(words[1:])
print(a | b, a & b, b - a, a <= b, a == b, words[:2] == words[1::2], (words[0], 1) == (words[3], 1))
pairs = {}
for i, word in enumerate(words):
    pairs[word, i % 2] = i
print(pairs, (words[3], 1) in pairs, pairs.get((words[0], 5)))
left, right = {words[0]: 1}, {words[1]: 1}
print(left == right, left | right, dict.fromkeys(words))
a.update(words)
a.discard(words[3])
print(a, pairs.pop((words[1], 0)), len(pairs))
shelves = [Shelf(len(text)) for text in sys.argv[1:]]
print(shelves[0] == shelves[1], shelves.count(shelves[2]))
try:
    print({shelves[0]})
except TypeError as error:
    print(error)
try:
    print(Shelf(2) in words)
except AttributeError as error:
    print(error)
