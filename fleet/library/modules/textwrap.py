"""`textwrap`: text in lines of a width, and indentation put before lines and taken away."""

_WHITE = "\t\n\x0b\x0c\r "


def _chunks(text, hyphens):
    """Words, the white space between them, and what hyphens part."""
    parts, at = [], 0
    while at < len(text):
        start = at
        white = text[at] in _WHITE
        while at < len(text) and (text[at] in _WHITE) == white:
            at += 1
        if white:
            parts.append(text[start:at])
        else:
            parts.extend(_parted(text[start:at]) if hyphens else [text[start:at]])
    return parts


def _parted(word):
    """A word after each hyphen between letters, where two letters follow or come before."""
    parts, start = [], 0
    for at in range(1, len(word) - 1):
        if word[at] != "-":
            continue
        before, after = word[start:at], word[at + 1 :]
        if word[at + 1] == "-" or word[at - 1] == "-":
            if word[at - 1] == "-" and word[at + 1] != "-" and before.strip("-"):
                dashes = at
                while word[dashes] == "-":
                    dashes -= 1
                parts += [word[start : dashes + 1], word[dashes + 1 : at + 1]]
                start = at + 1
            continue
        if len(before) >= 2 and before[-2:].isalpha() and after[:2].isalpha() and len(after) >= 2:
            parts.append(word[start : at + 1])
            start = at + 1
    return [part for part in [*parts, word[start:]] if part]


class TextWrapper:
    def __init__(self, width=70, initial_indent="", subsequent_indent="", expand_tabs=True,
                 replace_whitespace=True, fix_sentence_endings=False, break_long_words=True,
                 drop_whitespace=True, break_on_hyphens=True, tabsize=8, *, max_lines=None,
                 placeholder=" [...]"):  # fmt: skip
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.expand_tabs = expand_tabs
        self.replace_whitespace = replace_whitespace
        self.fix_sentence_endings = fix_sentence_endings
        self.break_long_words = break_long_words
        self.drop_whitespace = drop_whitespace
        self.break_on_hyphens = break_on_hyphens
        self.tabsize = tabsize
        self.max_lines = max_lines
        self.placeholder = placeholder

    def wrap(self, text):
        if self.width <= 0:
            raise ValueError(f"invalid width {self.width!r} (must be > 0)")
        if self.expand_tabs:
            text = text.expandtabs(self.tabsize)
        if self.replace_whitespace:
            for white in _WHITE:
                text = text.replace(white, " ")
        return self._lines(_chunks(text, self.break_on_hyphens)[::-1])

    def fill(self, text):
        return "\n".join(self.wrap(text))

    def _lines(self, chunks):
        lines = []
        while chunks:
            indent = self.subsequent_indent if lines else self.initial_indent
            room = self.width - len(indent)
            if self.drop_whitespace and lines and not chunks[-1].strip():
                chunks.pop()
            line, length = [], 0
            while chunks and length + len(chunks[-1]) <= room:
                length += len(chunks[-1])
                line.append(chunks.pop())
            if chunks and len(chunks[-1]) > room:
                self._long(chunks, line, length, room)
                length = sum([len(part) for part in line])
            if self.drop_whitespace and line and not line[-1].strip():
                length -= len(line.pop())
            if not line:
                continue
            last = self.max_lines is not None and len(lines) + 1 >= self.max_lines
            rest = [one for one in chunks if one.strip()] if self.drop_whitespace else chunks
            if not last or (not rest and length <= room):
                lines.append(indent + "".join(line))
                continue
            self._end(lines, line, length, room, indent)
            break
        return lines

    def _end(self, lines, line, length, room, indent):
        """The last line that there may be, with the placeholder."""
        while line:
            if line[-1].strip() and length + len(self.placeholder) <= room:
                lines.append(indent + "".join(line) + self.placeholder)
                return
            length -= len(line.pop())
        if lines:
            before = lines[-1].rstrip()
            if len(before) + len(self.placeholder) <= self.width:
                lines[-1] = before + self.placeholder
                return
        lines.append(indent + self.placeholder.lstrip())

    def _long(self, chunks, line, length, room):
        """A chunk that is longer than a line."""
        left = 1 if room < 1 else room - length
        if self.break_long_words:
            line.append(chunks[-1][:left])
            chunks[-1] = chunks[-1][left:]
            if not chunks[-1]:
                chunks.pop()
        elif not line:
            line.append(chunks.pop())


def wrap(text, width=70, **options):
    return TextWrapper(width=width, **options).wrap(text)


def fill(text, width=70, **options):
    return TextWrapper(width=width, **options).fill(text)


def shorten(text, width, **options):
    options.setdefault("max_lines", 1)
    return TextWrapper(width=width, **options).fill(" ".join(text.strip().split()))


def dedent(text):
    lines = ["" if not line.strip(" \t") else line for line in text.split("\n")]
    margin = None
    for line in lines:
        if not line:
            continue
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if margin is None:
            margin = indent
            continue
        same = 0
        while same < min(len(margin), len(indent)) and margin[same] == indent[same]:
            same += 1
        margin = margin[:same]
    if not margin:
        return "\n".join(lines)
    return "\n".join([line[len(margin) :] if line else line for line in lines])


def indent(text, prefix, predicate=None):
    lines = text.splitlines(True)
    return "".join([
        prefix + line if (line.strip() if predicate is None else predicate(line)) else line
        for line in lines
    ])  # fmt: skip
