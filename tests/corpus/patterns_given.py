# args: [0-9]+ "abc 12 def 345" nothing 7 (
import re
import sys
class Lexer:
    def __init__(self, text):
        self.rules = [("number", re.compile(r"\d+")), ("word", re.compile(r"[a-z]+")),
                      ("", re.compile(r"\s+"))]
        self.text, self.at = text, 0
    def tokens(self):
        while self.at < len(self.text):
            for name, rule in self.rules:
                match = rule.match(self.text, self.at)
                if match:
                    self.at = match.end()
                    if name:
                        yield name, match.group()
                    break
            else:
                raise ValueError(f"{self.text[self.at]!r} at {self.at}")
rules = []
for text in sys.argv[1:]:
    try:
        rules.append(re.compile(text, re.IGNORECASE))
    except re.error as error:
        print("no pattern:", error)
print([rule.pattern for rule in rules], [bool(rule.search("xyz 42")) for rule in rules])
pattern = re.compile(sys.argv[1])
for number, line in enumerate(sys.argv[2:], 1):
    if found := pattern.search(line):
        print(number, found.group(), found.span(), pattern.findall(line), pattern.split(line))
    print(pattern.sub("<>", line), pattern.subn("-", line, count=1), bool(pattern.match(line)))
    print(pattern.sub(lambda match: match.group() * 2, line), re.sub(sys.argv[1], "", line) + "!")
print(re.findall(sys.argv[1], "a1b22"), re.fullmatch(sys.argv[1], "123") is not None)
for lexer in [Lexer(text) for text in sys.argv[1:]]:
    try:
        print(list(lexer.tokens()))
    except ValueError as error:
        print(error)
