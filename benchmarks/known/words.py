"""Texts: slices, tests, replacements and formats, by the thousand."""

letters = "abcdefghijklmnopqrstuvwxyz"
words = []
for i in range(8000):
    a, b, c = letters[i % 26], letters[i // 26 % 26], letters[i * 7 % 26]
    word = a + b + c * (i % 3 + 1)
    if word.startswith("q") and not word.endswith("z"):
        word = word.replace("q", "kw").upper()
    words.append(f"{word}-{i:04}")
text = " ".join(words)
heads = {}
for word in text.split(" "):
    head, _, tail = word.partition("-")
    if head in heads:
        heads[head] += "," + tail
    else:
        heads[head] = tail
longest = ""
for _, tails in heads.items():
    if len(tails) > len(longest):
        longest = tails
print(len(words), len(heads), longest[:20], text.count("-"))
