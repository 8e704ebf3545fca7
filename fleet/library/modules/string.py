"""`string`: sets of characters, and templates with `$names`."""

ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = ascii_lowercase.upper()
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdefABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
whitespace = " \t\n\r\v\f"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join([word.capitalize() for word in s.split(sep)])


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _made(self, given, safe):
        text, parts, at = self.template, [], 0
        while at < len(text):
            if text[at] != self.delimiter:
                parts.append(text[at])
                at += 1
                continue
            if text[at + 1 : at + 2] == self.delimiter:
                parts.append(self.delimiter)
                at += 2
                continue
            braced = text[at + 1 : at + 2] == "{"
            start = end = at + 1 + braced
            while end < len(text) and (text[end] == "_" or text[end] in ascii_letters
                                       or (end > start and text[end] in digits)):  # fmt: skip
                end += 1
            whole = end + braced
            name = text[start:end]
            if not name or (braced and text[end : end + 1] != "}"):
                if not safe:
                    raise self._invalid(at)
                parts.append(self.delimiter)
                at += 1
                continue
            if name in given:
                parts.append(str(given[name]))
            elif safe:
                parts.append(text[at:whole])
            else:
                raise KeyError(name)
            at = whole
        return "".join(parts)

    def _invalid(self, at):
        lines = self.template[:at].splitlines(True)
        column = at + 1 if not lines else at - len("".join(lines[:-1]))
        line = len(lines) or 1
        return ValueError(f"Invalid placeholder in string: line {line}, col {column}")

    def substitute(self, mapping=None, /, **more):
        return self._made({**(mapping or {}), **more}, False)

    def safe_substitute(self, mapping=None, /, **more):
        return self._made({**(mapping or {}), **more}, True)
