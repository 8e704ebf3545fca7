# args: 10 9 2 5 3 7 101 18
import bisect
import sys

numbers = [int(arg) for arg in sys.argv[1:]]
tails = []
for number in numbers:
    place = bisect.bisect_left(tails, number)
    if place == len(tails):
        tails.append(number)
    else:
        tails[place] = number
print("length", len(tails), "tails", tails)
lengths = [1] * len(numbers)
for i in range(len(numbers)):
    for j in range(i):
        if numbers[j] < numbers[i]:
            lengths[i] = max(lengths[i], lengths[j] + 1)
print(lengths, max(lengths) == len(tails))
