# args: cheap watches now
import math
import sys
from collections import defaultdict

TRAINING = [
    ("spam", "buy cheap watches now"),
    ("spam", "cheap pills buy"),
    ("ham", "meeting at noon"),
    ("ham", "lunch now or at noon"),
]

counts = defaultdict(lambda: defaultdict(int))
totals = defaultdict(int)
documents = defaultdict(int)
vocabulary = set()
for label, text in TRAINING:
    documents[label] += 1
    for word in text.split():
        counts[label][word] += 1
        totals[label] += 1
        vocabulary.add(word)

scores = {}
for label in documents:
    score = math.log(documents[label] / len(TRAINING))
    for word in sys.argv[1:]:
        score += math.log((counts[label][word] + 1) / (totals[label] + len(vocabulary)))
    scores[label] = score
for label in sorted(scores):
    print(f"{label}: {scores[label]:.4f}")
print("verdict:", max(scores, key=scores.get))
