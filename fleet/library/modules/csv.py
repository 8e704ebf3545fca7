"""`csv`: rows of texts from lines, and lines from rows.

In: lines, of a file or a list. Out: lists of fields. The one idea: a line without a quote is split
at the delimiter; only others are read letter by letter.
"""

QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = range(4)


class Error(Exception):
    pass


class Dialect:
    delimiter = ","
    quotechar = '"'
    escapechar = None
    doublequote = True
    skipinitialspace = False
    lineterminator = "\r\n"
    quoting = QUOTE_MINIMAL
    strict = False


class excel(Dialect):  # noqa: N801
    pass


class excel_tab(excel):  # noqa: N801
    delimiter = "\t"


class unix_dialect(Dialect):  # noqa: N801
    lineterminator = "\n"
    quoting = QUOTE_ALL


_DIALECTS = {"excel": excel, "excel-tab": excel_tab, "unix": unix_dialect}


def list_dialects():
    return list(_DIALECTS)


def _dialect(dialect, options):
    """The class of a dialect with these options."""
    if isinstance(dialect, str):
        if dialect not in _DIALECTS:
            raise Error("unknown dialect")
        dialect = _DIALECTS[dialect]
    for name in options:
        if not hasattr(Dialect, name):
            raise TypeError(f"this function got an unexpected keyword argument '{name}'")
    if not options:
        return dialect
    return type("dialect", (dialect,), dict(options))


def _fields(line, at):
    """The fields of a line; None where a quote is still open at its end."""
    fields, field, state = [], "", "start"
    delimiter, quote, escape = at.delimiter, at.quotechar, at.escapechar
    quotes = at.quoting != QUOTE_NONE
    escaped = False
    for letter in line:
        if escaped:
            field += letter
            escaped = False
        elif escape is not None and letter == escape:
            escaped = True
            if state == "start":
                state = "plain"
        elif state == "quoted":
            if letter == quote:
                state = "quote" if at.doublequote else "plain"
            else:
                field += letter
        elif state == "quote" and letter == quote:
            field += letter
            state = "quoted"
        elif letter == delimiter:
            fields.append(field)
            field, state = "", "start"
        elif letter == "\n" or letter == "\r":
            state = "end"
        elif state == "start" and quotes and letter == quote:
            state = "quoted"
        elif not (state == "start" and letter == " " and at.skipinitialspace):
            field += letter
            state = "plain"
    if state == "quoted":
        return None
    fields.append(field)
    return fields


def reader(csvfile, dialect="excel", **fmtparams):
    """The rows of some lines."""
    at = _dialect(dialect, fmtparams)
    return _rows(csvfile, at)


def _rows(csvfile, at):
    pending = ""
    plain = at.escapechar is None and not at.skipinitialspace
    for line in csvfile:
        if plain and pending == "" and at.quotechar not in line:
            text = line.rstrip("\r\n")
            row = [] if text == "" else text.split(at.delimiter)
        else:
            pending += line
            found = _fields(pending, at)
            if found is None:
                continue
            pending = ""
            row = found
        if at.quoting == QUOTE_NONNUMERIC:
            row = [float(field) for field in row]
        yield row
    if pending != "":
        yield _fields(pending + at.quotechar, at)


class DictReader:
    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect="excel", **options):
        self._fieldnames = fieldnames
        self.restkey = restkey
        self.restval = restval
        self.reader = reader(f, dialect, **options)

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            self._fieldnames = next(self.reader, None)
        return self._fieldnames

    def __iter__(self):
        return _records(self.reader, self.fieldnames, self.restkey, self.restval)


def _records(rows, names, restkey, restval):
    count = len(names)
    for row in rows:
        if len(row) == 0:
            continue
        record = dict(zip(names, row))  # noqa: B905
        if len(row) > count:
            record[restkey] = row[count:]
        for name in names[len(row):]:
            record[name] = restval
        yield record


def _shown(field, at, single):
    """A field as it is written."""
    if field is None:
        text, number = "", False
    else:
        number = isinstance(field, (int, float))
        text = str(field)
    quote, quoting = at.quotechar, at.quoting
    special = at.delimiter in text or quote in text or "\n" in text or "\r" in text
    if quoting == QUOTE_NONE:
        if special:
            if at.escapechar is None:
                raise Error("need to escape, but no escapechar set")
            for one in (at.escapechar, at.delimiter, quote, "\n", "\r"):
                text = text.replace(one, at.escapechar + one)
        return text
    needed = special or (single and text == "")
    if quoting == QUOTE_ALL or (quoting == QUOTE_NONNUMERIC and not number) or needed:
        return quote + text.replace(quote, quote + quote) + quote
    return text


class _Writer:
    def __init__(self, csvfile, dialect):
        self._file = csvfile
        self.dialect = dialect

    def writerow(self, row):
        at = self.dialect
        fields = list(row)
        shown = [_shown(field, at, len(fields) == 1) for field in fields]
        return self._file.write(at.delimiter.join(shown) + at.lineterminator)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


def writer(csvfile, dialect="excel", **fmtparams):
    return _Writer(csvfile, _dialect(dialect, fmtparams))


class DictWriter:
    def __init__(self, f, fieldnames, restval="", extrasaction="raise", dialect="excel", **options):
        self.fieldnames = fieldnames
        self.restval = restval
        self.extrasaction = extrasaction
        if extrasaction.lower() not in ("raise", "ignore"):
            raise ValueError(f"extrasaction ({extrasaction}) must be 'raise' or 'ignore'")
        self.writer = writer(f, dialect, **options)

    def writeheader(self):
        return self.writer.writerow(self.fieldnames)

    def writerow(self, rowdict):
        if self.extrasaction == "raise":
            wrong = [name for name in rowdict if name not in self.fieldnames]
            if wrong:
                shown = ", ".join([repr(one) for one in wrong])
                raise ValueError("dict contains fields not in fieldnames: " + shown)
        return self.writer.writerow([rowdict.get(name, self.restval) for name in self.fieldnames])

    def writerows(self, rowdicts):
        for row in rowdicts:
            self.writerow(row)
