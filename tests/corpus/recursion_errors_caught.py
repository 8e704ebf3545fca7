# args: 12 x -3 5
import sys

sys.setrecursionlimit(1000)
calls = 0
def collatz(n):
    global calls
    calls += 1
    if n == 1:
        return [1]
    return [n] + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)

def endless(items):
    items.append(len(items))
    return endless(items)

for word in sys.argv[1:]:
    try:
        n = int(word)
        print(len(collatz(n)))
    except ValueError:
        print("no number", word)
    except (RecursionError, KeyError):
        print("deep")
def fact(n):
    if n < 0:
        return fact(n - 1)
    return 1 if n == 0 else n * fact(n - 1)
for word in sys.argv[1:]:
    try:
        print(fact(int(word)))
    except RecursionError:
        print("endless")
    except Exception as e:
        print("other", e)

def parse(text, i=0):
    if i < len(text) and text[i] == "(":
        inner, j = parse(text, i + 1)
        if j >= len(text) or text[j] != ")":
            raise SyntaxError("unbalanced")
        return inner + 1, j + 1
    return 0, i

for text in sys.argv[1:] + ["(" * 2000 + ")" * 2000]:
    try:
        print(parse(text * 3 if text[0] == "(" else text))
    except SyntaxError as e:
        print("syntax", e)
    except RecursionError:
        print("nested too deep")
def chain(n):
    try:
        return chain(n + 1)
    except RecursionError:
        return "bottom"
if len(sys.argv) > 1:
    print(chain(len(sys.argv)))
