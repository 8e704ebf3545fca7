"""`string`: sets of characters, templates with `$names`, and what `str.format` is made of."""

from primitives import format_fields, steps_of_field

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


_MIXED = "cannot switch from manual field specification to automatic field numbering"


class Formatter:
    def format(self, format_string, /, *args, **kwargs):
        return self.vformat(format_string, args, kwargs)

    def vformat(self, format_string, args, kwargs):
        used_args = set()
        result, _ = self._vformat(format_string, args, kwargs, used_args, 2)
        self.check_unused_args(used_args, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, recursion_depth, auto_arg_index=0):
        if recursion_depth < 0:
            raise ValueError("Max string recursion exceeded")
        result = []
        for literal_text, field_name, format_spec, conversion in self.parse(format_string):
            if literal_text:
                result.append(literal_text)
            if field_name is None:
                continue
            if field_name == "":
                if auto_arg_index is False:
                    raise ValueError(_MIXED)
                field_name = str(auto_arg_index)
                auto_arg_index += 1
            elif field_name.isdigit():
                if auto_arg_index:
                    raise ValueError(_MIXED)
                auto_arg_index = False
            obj, arg_used = self.get_field(field_name, args, kwargs)
            used_args.add(arg_used)
            obj = self.convert_field(obj, conversion)
            format_spec, auto_arg_index = self._vformat(
                format_spec, args, kwargs, used_args, recursion_depth - 1, auto_arg_index)
            result.append(self.format_field(obj, format_spec))
        return "".join(result), auto_arg_index

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, int) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion == "s":
            return str(value)
        if conversion == "r":
            return repr(value)
        if conversion == "a":
            return ascii(value)
        raise ValueError(f"Unknown conversion specifier {conversion!s}")

    def parse(self, format_string):
        return format_fields(format_string)

    def get_field(self, field_name, args, kwargs):
        first, steps = steps_of_field(field_name)
        obj = self.get_value(first, args, kwargs)
        for is_attribute, key in steps:
            obj = getattr(obj, key) if is_attribute else obj[key]
        return obj, first
