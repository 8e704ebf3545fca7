# args: listen silent enlist google elbow below
import sys

groups = {}
for word in sys.argv[1:]:
    key = "".join(sorted(word))
    groups.setdefault(key, []).append(word)
for key in sorted(groups):
    print(key, groups[key])
biggest = max(groups.values(), key=len)
print("biggest:", ", ".join(biggest))
