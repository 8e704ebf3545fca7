# args: python t h x o n y p
import sys

word, *guesses = sys.argv[1:]
shown = ["_"] * len(word)
misses = 0
for guess in guesses:
    if guess in word:
        for i, letter in enumerate(word):
            if letter == guess:
                shown[i] = guess
    else:
        misses += 1
    print(guess, " ".join(shown), misses)
    if "_" not in shown:
        print("won with", misses, "misses")
        break
else:
    print("lost, it was", word)
