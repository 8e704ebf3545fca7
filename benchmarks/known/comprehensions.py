"""Comprehensions: lists, dicts, sets, nested and filtered."""

words = [f"w{i * 7919 % 1000}" for i in range(10000)]
lengths = {word: len(word) for word in words}
index = {}
for number, word in enumerate(words):
    index.setdefault(word, []).append(number)
pairs = [(a, b) for a in words[:80] for b in words[:80] if a != b and a[-1] == b[-1]]
matrix = [[x * y for x in range(60)] for y in range(60)]
turned = [[row[k] for row in matrix] for k in range(60)]
flat = [value for row in turned for value in row if value % 3 == 0]
letters = {word[1] for word in words}
both = [(word, lengths[word], index[word][0]) for word in sorted(lengths)]
print(len(pairs), sum(flat), sorted(letters), both[5], len(both))
