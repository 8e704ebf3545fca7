# args: sos
import sys

CODES = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- "
    ".-- -..- -.-- --.."
).split()))  # fmt: skip
LETTERS = {code: letter for letter, code in CODES.items()}

message = " ".join(sys.argv[1:]).lower()
morse = " / ".join(" ".join(CODES[c] for c in word) for word in message.split())
print(morse)
back = " ".join(
    "".join(LETTERS[code] for code in word.split()) for word in morse.split(" / ")
)
print(back, back == message)
