import ast
import colorsys
import difflib
import fnmatch
import html
import queue
import shlex
import sys
import unicodedata

words = sys.argv[1:]
for word in words:
    print(html.escape(word), html.escape(word, quote=False), html.unescape("&lt;" + word + "&amp;"))
    print(shlex.quote(word), fnmatch.fnmatch(word, "a*"), fnmatch.fnmatchcase(word, "?b*"))
    print([unicodedata.category(c) + unicodedata.name(c, "?") for c in word][:3])
    print(unicodedata.normalize("NFD", word + "é").encode(), unicodedata.combining(word[0]))
print(shlex.split(" ".join(words) + " 'a b'"), shlex.join(words), fnmatch.filter(words, "*b*"))
print(difflib.get_close_matches(words[0], words[1:] + ["apple"]))
print("\n".join(difflib.unified_diff(words, [*words[1:], "new"], "one", "two", lineterm="")))
red = len(words[0]) / 10
h, s, v = colorsys.rgb_to_hsv(red, 0.5, 0.25)
print(f"{h:.4f} {s:.4f} {v:.4f}", colorsys.hsv_to_rgb(h, s, v), colorsys.rgb_to_hls(1, red, 0))
try:
    value = ast.literal_eval(words[-1])
    print(type(value).__name__, value)
except (ValueError, SyntaxError) as error:
    print(type(error).__name__)
for make in (queue.Queue, queue.LifoQueue, queue.PriorityQueue):
    q = make()
    for word in words:
        q.put((len(word), word))
    print(make.__name__, q.qsize(), end=":")
    while not q.empty():
        print(q.get(), end=" ")
    print()
try:
    queue.Queue().get_nowait()
except queue.Empty:
    print("empty")
try:
    shlex.split(words[0] + "'")
except ValueError as error:
    print(error)
