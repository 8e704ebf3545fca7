# args: level Fleet "A man a plan a canal Panama" 12321
import sys


def is_palindrome(text):
    cleaned = [c.lower() for c in text if c.isalnum()]
    return cleaned == cleaned[::-1]


for text in sys.argv[1:]:
    print(f"{text!r:32} {is_palindrome(text)}")
count = sum(is_palindrome(text) for text in sys.argv[1:])
print(f"{count} of {len(sys.argv) - 1}")
