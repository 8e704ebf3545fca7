# args: a b c - b c d
import sys

split = sys.argv.index("-")
left, right = set(sys.argv[1:split]), set(sys.argv[split + 1 :])
print("both", sorted(left & right))
print("either", sorted(left | right))
print("only left", sorted(left - right), "only right", sorted(right - left))
print(left <= right, left.isdisjoint(right), "a" in left, len(left ^ right))
