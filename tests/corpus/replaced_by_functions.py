# args: 'call 12 or 7 now' n=3,k=40 'the cat sat'
import re
import sys

words = sys.argv[1:]


def doubled(match):
    return str(int(match.group()) * 2)


for text in words:
    print(re.sub(r"\d+", doubled, text))
    print(re.sub(r"\b\w", lambda match: match.group(0).upper(), text))
    print(re.subn(r"[aeiou]", lambda match: "<" + match.group() + ">", text))
    print(re.sub("[a-z]", lambda match: "*", text, count=2))

values = {"name": words[0], "n": str(len(words))}
template = "Dear {name}, you have {n} of {unknown}"
print(re.sub(r"\{(\w+)\}", lambda match: values.get(match.group(1), match.group(0)), template))

seen = []


def noted(match):
    seen.append(match.start())
    if match.group("key") == "n":
        return f"[{match['value']}]"
    return match.group(0)


pattern = re.compile(r"(?P<key>\w+)=(?P<value>\d+)")
print(pattern.sub(noted, words[1]), seen)
print(pattern.subn(noted, words[1], 1), len(seen))


def camel(text):
    return re.sub(r"[_ ](\w)", lambda match: match.group(1).upper(), text)


print([camel(text) for text in words])
counter = 0


def numbered(match):
    global counter
    counter += 1
    return f"{match.group()}{counter}"


print(re.sub(r"\w+", numbered, words[2]), counter)
print(re.sub(r"x*", lambda match: "-", words[2]))
try:
    print(re.sub(r"\w+", lambda match: len(match.group()), words[2]))
except TypeError as error:
    print("TypeError:", error)
try:
    print(re.sub(r"\w+", lambda match: 1 // (len(match.group()) - 3), words[2]))
except ZeroDivisionError as error:
    print(error)
print(re.sub("a", lambda match: words[0], "banana"))
