# args: (a[b]) (] ]
import sys
def is_balanced(s):
    pairs = {"{": "}", "[": "]", "(": ")"}
    stack = []
    for symbol in s:
        if symbol in pairs:
            stack.append(symbol)
        elif symbol in pairs.values() and (not stack or pairs[stack.pop()] != symbol):
            return False
    return not stack
for a in sys.argv[1:]: print(a, is_balanced(a))
