# args: 8 5
import random
import sys

text = "the cat sat on the mat and the dog sat on the log and the cat ran"
words = text.split()
follow = {}
for first, second in zip(words, words[1:]):
    follow.setdefault(first, []).append(second)

random.seed(int(sys.argv[2]))
word = "the"
out = [word]
for _ in range(int(sys.argv[1])):
    if word not in follow:
        break
    word = random.choice(follow[word])
    out.append(word)
print(" ".join(out))
