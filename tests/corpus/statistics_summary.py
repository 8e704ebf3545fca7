# args: 4 8 15 16 23 42
import statistics
import sys

data = [float(arg) for arg in sys.argv[1:]]
print("mean", statistics.mean(data))
print("median", statistics.median(data))
print("stdev", round(statistics.stdev(data), 6))
mean = sum(data) / len(data)
variance = sum((x - mean) ** 2 for x in data) / (len(data) - 1)
print("by hand", mean, round(variance**0.5, 6))
ordered = sorted(data)
middle = len(ordered) // 2
print("median by hand", (ordered[middle - 1] + ordered[middle]) / 2)
