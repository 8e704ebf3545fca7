"""`argparse`: the words of the command line, which run time knows, as values of declared names.

In: declarations, known now, and words. Out: a Namespace, or CPython's message and exit status 2.
The one idea: one run-time loop over the words, in which all declarations are tried one after the
other; help and usage are texts that CPython's own module makes of the declarations, at build time.
"""

import sys

import primitives

SUPPRESS = "==SUPPRESS=="
OPTIONAL = "?"
ZERO_OR_MORE = "*"
ONE_OR_MORE = "+"
REMAINDER = "..."
HelpFormatter = primitives.HelpFormatter
RawDescriptionHelpFormatter = primitives.RawDescriptionHelpFormatter
RawTextHelpFormatter = primitives.RawTextHelpFormatter
ArgumentDefaultsHelpFormatter = primitives.ArgumentDefaultsHelpFormatter
MetavarTypeHelpFormatter = primitives.MetavarTypeHelpFormatter
_NO_WORDS = ("store_true", "store_false", "store_const", "append_const", "count", "help", "version")


_EMPTY_ARE_TAKEN = primitives.empty_places_are_taken()
"""Whether an option after a place makes those behind it, which need no words, have none."""


class ArgumentError(Exception):
    pass


class ArgumentTypeError(Exception):
    pass


class BooleanOptionalAction:
    pass


class Namespace:
    def __init__(self, **values):
        for name in values:
            setattr(self, name, values[name])

    def __repr__(self):
        shown = [f"{name}={value!r}" for name, value in vars(self).items()]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other):
        if not isinstance(other, Namespace):
            return NotImplemented
        return vars(self) == vars(other)

    def __contains__(self, name):
        return name in self.__dict__


class _Action:
    def __init__(self, flags, given, group):
        self.option_strings = [flag for flag in flags if flag.startswith("-")]
        self.given = given
        self.group = group
        self.action = given.get("action", "store")
        self.negative = []
        if self.action is BooleanOptionalAction:
            self.action = "boolean"
            self.negative = ["--no-" + flag[2:] for flag in self.option_strings if flag[:2] == "--"]
        self.type = given.get("type")
        self.nargs = given.get("nargs")
        self.choices = given.get("choices")
        self.const = given.get("const")
        self.metavar = given.get("metavar")
        self.help = given.get("help")
        self.is_plain = self.action in _NO_WORDS or self.action == "boolean"
        self.is_list = not self.is_plain and self.nargs not in (None, "?")
        self.least, self.most = self._counts()
        if self.option_strings:
            self.required = given.get("required", False)
            longs = [flag for flag in self.option_strings if flag[:2] == "--"]
            self.dest = given.get("dest") or (longs or self.option_strings)[0].lstrip("-").replace(
                "-", "_")  # fmt: skip
        else:
            self.required = self.nargs not in ("?", "*") or (
                self.nargs == "*" and "default" not in given)  # fmt: skip
            self.dest = given.get("dest") or flags[0]
        usual = {"store_true": False, "store_false": True}.get(self.action)
        self.default = given.get("default", usual)

    def _counts(self):
        """The least and the most words that belong to it; the most is None where all do."""
        if self.is_plain:
            return 0, 0
        if self.nargs is None:
            return 1, 1
        if self.nargs == "?":
            return 0, 1
        if self.nargs in ("*", "..."):
            return 0, None
        if self.nargs == "+":
            return 1, None
        return self.nargs, self.nargs

    def shown(self):
        """How messages name it."""
        if self.option_strings:
            return "/".join(self.option_strings + self.negative)
        if self.metavar is not None:
            return self.metavar
        return self.given.get("dest") or self.dest

    def converted(self, parser, word):
        """A word as a value. Ends the program where it is none."""
        if self.type is None:
            value = word
        else:
            try:
                value = self.type(word)
            except ArgumentTypeError as error:
                parser._fail(self, str(error))
            except (TypeError, ValueError):
                name = getattr(self.type, "__name__", repr(self.type))
                parser._fail(self, f"invalid {name} value: {word!r}")
        if self.choices is not None and value not in self.choices:
            shown = ", ".join([repr(choice) for choice in self.choices])
            parser._fail(self, f"invalid choice: {value!r} (choose from {shown})")
        return value

    def start(self):
        """Its value where no word gives one."""
        if isinstance(self.default, str) and self.type is not None:
            return self.type(self.default)
        return self.default


class _Commands(_Action):
    """A place for a word that names a parser, to which all words behind it belong."""

    def __init__(self, parser, given):
        self.names = []
        self.numbers = []
        self.parsers = []
        self.declared = []
        dest = given.get("dest")
        super().__init__([dest or SUPPRESS], {"metavar": given.get("metavar")}, None)
        self.required = given.get("required", False)
        self.flags = None
        self.given = given
        self.default = None
        self.parser = parser

    def shown(self):
        if self.metavar is not None:
            return self.metavar
        return "{" + ",".join(self.names) + "}" if self.dest == SUPPRESS else self.dest

    def add_parser(self, name, *, help=None, aliases=(), **given):
        if "prog" not in given:
            given["prog"] = self.parser._text("prefix") + " " + name
        made = self.given.get("parser_class", type(self.parser))(**given)
        for one in (name, *aliases):
            self.names.append(one)
            self.numbers.append(len(self.parsers))
        self.parsers.append(made)
        shown = {"aliases": list(aliases)}
        if help is not None:
            shown["help"] = help
        self.declared.append((name, shown))
        return made

    def number_of(self, parser, word):
        """Which of the parsers a word names. Ends the program where it is none."""
        found = -1
        for number, name in zip(self.numbers, self.names):
            if word == name:
                found = number
        if found < 0:
            shown = ", ".join([repr(name) for name in self.names])
            parser._fail(self, f"invalid choice: {word!r} (choose from {shown})")
        return found


class _Group:
    def __init__(self, parser, kind, title, description, required):
        self._parser = parser
        self._kind = kind
        self._title = title
        self._description = description
        self._required = required
        self._number = len(parser._groups)
        self._outer = None

    def add_argument(self, *flags, **given):
        return self._parser._add(flags, given, self)

    def add_mutually_exclusive_group(self, *, required=False):
        return self._parser._new_group("exclusive", None, None, required)


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(),
                 formatter_class=HelpFormatter, prefix_chars="-", fromfile_prefix_chars=None,
                 argument_default=None, conflict_handler="error", add_help=True,
                 allow_abbrev=True, exit_on_error=True):  # fmt: skip
        if parents or prefix_chars != "-" or fromfile_prefix_chars or argument_default is not None:
            primitives.unsupported("this argument of ArgumentParser")
        self.prog = prog or primitives.program_name()
        self.description = description
        self.epilog = epilog
        self.usage = usage
        self._allow_abbrev = allow_abbrev
        self._formatter = formatter_class
        self._add_help = add_help
        self._actions = []
        self._groups = []
        self._defaults = {}
        self._commands = None
        self._texts = None
        if add_help:
            self._actions.append(_Action(["-h", "--help"], {"action": "help"}, None))

    # -- declarations

    def add_argument(self, *flags, **given):
        return self._add(flags, given, None)

    def add_argument_group(self, title=None, description=None):
        return self._new_group("group", title, description, False)

    def add_mutually_exclusive_group(self, *, required=False):
        return self._new_group("exclusive", None, None, required)

    def _new_group(self, kind, title, description, required):
        made = _Group(self, kind, title, description, required)
        self._groups.append(made)
        return made

    def add_subparsers(self, **given):
        if self._commands is not None:
            self.error("cannot have multiple subparser arguments")
        for name in ("prog", "action", "option_string"):
            if name in given:
                primitives.unsupported(f"the argument `{name}` of add_subparsers")
        self._commands = _Commands(self, given)
        self._actions.append(self._commands)
        return self._commands

    def _add(self, flags, given, group):
        if not flags:
            flags = (given.pop("dest"),)
        action = _Action(flags, given, group)
        action.flags = flags
        if isinstance(action.action, type) or action.action in ("extend",):
            primitives.unsupported("this action of add_argument")
        if action.nargs == "...":
            primitives.unsupported("nargs=argparse.REMAINDER")
        if not action.option_strings:
            if self._commands is not None:
                primitives.unsupported("a place for words after that for commands")
            for before in self._actions:
                if not before.option_strings and before.least != before.most and (
                        before.is_list or action.least > 0):  # fmt: skip
                    primitives.unsupported("a place for words after one that takes any number")
        self._actions.append(action)
        self._texts = None
        self._text("usage")  # CPython's errors for what is not to be declared
        return action

    def set_defaults(self, **values):
        self._defaults.update(values)
        for action in self._actions:
            if action.dest in values:
                action.default = values[action.dest]

    def get_default(self, dest):
        for action in self._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._defaults.get(dest)

    # -- texts

    def _text(self, which):
        """The usage or the help, made once while words are parsed."""
        if self._texts is None:
            return self._made_text(which)
        key = which, self.prog, self.usage, self.description, self.epilog
        if key not in self._texts:
            self._texts[key] = self._made_text(which)
        return self._texts[key]

    def _made_text(self, which):
        rows = [(None if one.group is None else one.group._number, one.flags, one.given)
                if one.flags is not None else (None, one.declared, one.given)
                for one in self._actions if hasattr(one, "flags")]  # fmt: skip
        groups = [(one._kind, one._title, one._description, one._required) for one in self._groups]
        options = {"prog": self.prog, "usage": self.usage, "description": self.description,
                   "epilog": self.epilog, "formatter_class": self._formatter,
                   "add_help": self._add_help}  # fmt: skip
        return primitives.parser_text(which, options, groups, rows)

    def format_usage(self):
        return self._text("usage")

    def format_help(self):
        return self._text("help")

    def print_usage(self, file=None):
        (file or sys.stdout).write(self.format_usage())

    def print_help(self, file=None):
        (file or sys.stdout).write(self.format_help())

    def exit(self, status=0, message=None):
        if message:
            sys.stderr.write(message)
        sys.exit(status)

    def error(self, message):
        sys.stderr.write(self.format_usage())
        self.exit(2, f"{self.prog}: error: {message}\n")

    def _fail(self, action, message):
        self.error(f"argument {action.shown()}: {message}")

    # -- parsing

    def parse_args(self, args=None, namespace=None):
        space, rest = self._parse(args, namespace)
        if rest:
            self.error("unrecognized arguments: " + " ".join(rest))
        return space

    def parse_known_args(self, args=None, namespace=None):
        return self._parse(args, namespace)

    def _parse(self, args, namespace):
        words = sys.argv[1:] if args is None else args
        self._texts = {}
        self._text("usage")
        self._text("help")
        options = [one for one in self._actions if one.option_strings]
        places = [one for one in self._actions if not one.option_strings]
        run = _Run(self, options, places, words)
        for word in words:
            run.take(word)
        run.fill()
        space = Namespace() if namespace is None else namespace
        for action in self._actions:
            if action.dest != SUPPRESS and action.action not in ("help", "version") and not (
                    isinstance(action.default, str) and action.default == SUPPRESS):  # fmt: skip
                setattr(space, action.dest, run.values[action.dest])
        for name, value in self._defaults.items():
            if not hasattr(space, name):
                setattr(space, name, value)
        rest = []
        if self._commands is not None:
            for number, parser in enumerate(self._commands.parsers):
                if run.command == number:
                    found, rest = parser._parse(run.later, None)
                    for name, value in found.__dict__.items():
                        setattr(space, name, value)
        run.end()
        self._texts = None
        return space, run.rest + rest


class _Run:
    """What the words up to here have given."""

    def __init__(self, parser, options, places, words):
        self.parser = parser
        self.options = options
        self.places = places
        self.values = {}
        for action in options + places:
            if action.dest not in self.values or self.values[action.dest] is None:
                self.values[action.dest] = action.start()
        self.seen = [False] * len(options)
        self.words = words
        self.lists = [self._empty(action) for action in options]
        self.many = [self._empty(action) for action in places]
        self.waiting = -1
        self.taken = 0
        self.place = 0
        self.in_row = False
        self.only_places = False
        self.command = -1
        self.later = primitives.empty_list_as(words)
        self.rest = primitives.empty_list_as(words)
        self.flags = [(flag, number) for number, action in enumerate(options)
                      for flag in action.option_strings + action.negative]  # fmt: skip
        self.numbers_are_flags = any(flag[1:2].isdigit() for flag, _ in self.flags)

    def _empty(self, action):
        """A list of what an option or a place is given: texts are as late as the words."""
        return primitives.empty_list_as(self.words if action.type is None else ())

    def take(self, word):
        if self.command >= 0:
            self.later.append(word)
        elif self.only_places or not word.startswith("-") or word == "-" or self._is_number(word):
            self._value(word)
        elif word == "--":
            self._end_option()
            self.only_places = True
        elif " " in word and not word.startswith("--"):
            self._value(word)
        else:
            self._end_option()
            self._end_places()
            self._flag(word)

    def _end_places(self):
        """An option ends a row of places: those in it that need no more words have had theirs."""
        if self.in_row:
            for number, action in enumerate(self.places):
                if action.is_list and self.place == number:
                    if len(self.many[number]) >= max(action.least, 1):
                        self.place = number + 1
                    else:
                        self.many[number] = self._empty(action)
                if _EMPTY_ARE_TAKEN and action.least == 0 and self.place == number:
                    self.place = number + 1
        self.in_row = False

    def _is_number(self, word):
        if self.numbers_are_flags:
            return False
        body = word[1:]
        return body.replace(".", "", 1).isdigit() and not body.endswith(".")

    # -- words that are values

    def _value(self, word):
        if self.waiting >= 0:
            for number, action in enumerate(self.options):
                if not action.is_plain and self.waiting == number:
                    self._give(number, action, word)
        else:
            self._positional(word)

    def _give(self, number, action, word):
        """A word of an option."""
        value = action.converted(self.parser, word)
        self.taken += 1
        if action.is_list or action.action == "append":
            self.lists[number].append(value)
            self.values[action.dest] = self.lists[number]
        else:
            self.values[action.dest] = value
        if action.most is not None and self.taken >= action.most:
            self.waiting = -1

    def _positional(self, word):
        used = False
        self.in_row = True
        for number, action in enumerate(self.places):
            if not used and self.place == number:
                used = True
                if isinstance(action, _Commands):
                    self.command = action.number_of(self.parser, word)
                    self.values[action.dest] = word
                    self.place = number + 1
                    continue
                value = action.converted(self.parser, word)
                if action.is_list:
                    self.many[number].append(value)
                    self.values[action.dest] = self.many[number]
                    if action.most is not None and len(self.many[number]) >= action.most:
                        self.place = number + 1
                else:
                    self.values[action.dest] = value
                    self.place = number + 1
        if not used:
            self.rest.append(word)

    # -- words that are flags

    def _flag(self, word):
        name, has_value, value = word, False, ""
        if "=" in word:
            name, _, value = word.partition("=")
            has_value = True
        number, flag = self._named(name)
        if number >= 0:
            self._options(number, flag, has_value, value)
        elif word.startswith("--"):
            self.rest.append(word)
        else:
            self._short(word)

    def _named(self, name):
        """Which option a word names, and as what: (-1, "") for none."""
        number, full = -1, ""
        for flag, one in self.flags:
            if name == flag:
                number, full = one, flag
        if number < 0 and self.parser._allow_abbrev and name.startswith("--"):
            count = 0
            for flag, one in self.flags:
                if flag.startswith(name):
                    count += 1
                    number, full = one, flag
            if count > 1:
                matches = ""
                for flag, _ in self.flags:
                    if flag.startswith(name):
                        matches += (", " if matches else "") + flag
                self.parser.error(f"ambiguous option: {name} could match {matches}")
        return number, full

    def _short(self, word):
        """`-n5` and `-vvq`."""
        done = False
        for flag, number in self.flags:
            action = self.options[number]
            if not done and len(flag) == 2 and word.startswith(flag):
                done = True
                if action.is_plain:
                    self._act(number, action, flag)
                    self._cluster(word[2:], word)
                else:
                    self._begin(number, action)
                    self._give(number, action, word[2:])
                    self.waiting = -1
        if not done:
            self.rest.append(word)

    def _cluster(self, letters, word):
        for letter in letters:
            known = False
            for flag, number in self.flags:
                if len(flag) == 2 and self.options[number].is_plain and letter == flag[1:]:
                    known = True
                    self._act(number, self.options[number], flag)
            if not known:
                self.parser.error(f"argument {word[:2]}: ignored explicit argument {letters!r}")

    def _options(self, number, flag, has_value, value):
        for one, action in enumerate(self.options):
            if number == one:
                if action.is_plain:
                    if has_value:
                        self.parser._fail(action, f"ignored explicit argument {value!r}")
                    self._act(one, action, flag)
                else:
                    self._begin(one, action)
                    if has_value:
                        self._give(one, action, value)
                        self.waiting = -1

    def _begin(self, number, action):
        self._check_group(number, action)
        self.seen[number] = True
        self.waiting = number
        self.taken = 0
        if action.is_list and action.action != "append":
            self.lists[number] = self._empty(action)
        if action.nargs == "?":
            self.values[action.dest] = action.const
        elif action.nargs == "*":
            self.values[action.dest] = self.lists[number]

    def _act(self, number, action, flag):
        """An option without words."""
        self._check_group(number, action)
        self.seen[number] = True
        if action.action == "help":
            self.parser.print_help()
            self.parser.exit()
        elif action.action == "version":
            print(action.given["version"].replace("%(prog)s", self.parser.prog))
            self.parser.exit()
        elif action.action == "store_true":
            self.values[action.dest] = True
        elif action.action == "store_false":
            self.values[action.dest] = False
        elif action.action == "boolean":
            self.values[action.dest] = not flag.startswith("--no-")
        elif action.action == "store_const":
            self.values[action.dest] = action.const
        elif action.action == "append_const":
            self.lists[number].append(action.const)
            self.values[action.dest] = self.lists[number]
        elif self.values[action.dest] is None:
            self.values[action.dest] = 1
        else:
            self.values[action.dest] += 1

    def _check_group(self, number, action):
        if action.group is None or action.group._kind != "exclusive":
            return
        for other, one in enumerate(self.options):
            if other != number and one.group is action.group and self.seen[other]:
                self.parser._fail(action, f"not allowed with argument {one.shown()}")

    def _end_option(self):
        """No more words for the option before."""
        for number, action in enumerate(self.options):
            if action.is_plain or action.least == 0:
                continue
            if self.waiting == number and self.taken < action.least:
                if action.nargs is None:
                    self.parser._fail(action, "expected one argument")
                elif action.nargs == "+":
                    self.parser._fail(action, "expected at least one argument")
                else:
                    plural = "" if action.nargs == 1 else "s"
                    self.parser._fail(action, f"expected {action.nargs} argument{plural}")
        self.waiting = -1

    def fill(self):
        """The words are at their end: lists of places without one are empty."""
        for number, action in enumerate(self.places):
            if action.is_list and action.nargs == "*" and action.default is None:
                self.values[action.dest] = self.many[number]

    def end(self):
        self._end_option()
        missing = ""
        for action in self.parser._actions:
            if self._is_missing(action):
                missing += (", " if missing else "") + action.shown()
        if missing:
            self.parser.error(f"the following arguments are required: {missing}")
        for group in self.parser._groups:
            if group._kind == "exclusive" and group._required:
                inside = [number for number, one in enumerate(self.options) if one.group is group]
                if not any(self.seen[number] for number in inside):
                    shown = " ".join([self.options[number].shown() for number in inside])
                    self.parser.error(f"one of the arguments {shown} is required")

    def _is_missing(self, action):
        if action.option_strings:
            return action.required and not self.seen[self.options.index(action)]
        number = self.places.index(action)
        if action.is_list:
            return len(self.many[number]) < action.least
        return action.required and self.place <= number
