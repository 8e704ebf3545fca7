"""The best alignment of two sequences, by Needleman and Wunsch.

    python models/needleman_wunsch.py [ONE OTHER]
"""

import sys

import numpy as np

MATCH, MISMATCH, GAP = 1, -1, -2


def table(one, other):
    """The best score of each pair of beginnings."""
    n, m = len(one), len(other)
    scores = np.zeros((n + 1, m + 1), np.int64)
    for i in range(n + 1):
        scores[i, 0] = i * GAP
    for j in range(m + 1):
        scores[0, j] = j * GAP
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            same = MATCH if one[i - 1] == other[j - 1] else MISMATCH
            best = scores[i - 1, j - 1] + same
            best = max(best, scores[i - 1, j] + GAP)
            scores[i, j] = max(best, scores[i, j - 1] + GAP)
    return scores


def traced(scores, one, other):
    """The two sequences with their gaps, from the end of the table to its beginning."""
    i, j = len(one), len(other)
    above, below = [], []
    while i > 0 or j > 0:
        if i > 0 and j > 0:
            same = MATCH if one[i - 1] == other[j - 1] else MISMATCH
            if scores[i, j] == scores[i - 1, j - 1] + same:
                i, j = i - 1, j - 1
                above.append(one[i])
                below.append(other[j])
                continue
        if i > 0 and scores[i, j] == scores[i - 1, j] + GAP:
            i -= 1
            above.append(one[i])
            below.append("-")
        else:
            j -= 1
            above.append("-")
            below.append(other[j])
    return "".join(reversed(above)), "".join(reversed(below))


def main():
    one, other = sys.argv[1:] if len(sys.argv) == 3 else ("GATTACAGATTACA", "GCATGCUGATCA")
    codes = [np.array([ord(letter) for letter in text]) for text in (one, other)]
    scores = table(*codes)
    above, below = traced(scores, one, other)
    print(above)
    print("".join("|" if a == b else " " for a, b in zip(above, below, strict=True)))
    print(below)
    print("score", scores[-1, -1])


main()
