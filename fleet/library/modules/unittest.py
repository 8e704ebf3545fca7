"""`unittest`: test cases, their assertions, and `main()`, which runs those of the program.

What fails is told with the assertion's words, without the lines that led to it.
"""

import re
import sys
import time
from contextlib import contextmanager

_CASES = []
_SEPARATORS = "=" * 70, "-" * 70


class SkipTest(Exception):
    pass


def skip(reason):
    def decorate(test):
        def skipped(*args, **kwargs):
            raise SkipTest(reason)

        if isinstance(test, type):
            test._skipped = reason
            return test
        skipped.__name__ = test.__name__
        return skipped

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda test: test


def skipUnless(condition, reason):
    return skip(reason) if not condition else lambda test: test


def _words(message, standard):
    return standard if message is None else f"{standard} : {message}"


class _Raised:
    """What `with self.assertRaises(...) as caught` gives."""

    def __init__(self, expected, pattern, message):
        self.expected = expected
        self.pattern = pattern
        self.message = message
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            raise AssertionError(_words(self.message, f"{_names(self.expected)} not raised"))
        if not issubclass(kind, self.expected):
            return False
        self.exception = value
        if self.pattern is not None and not re.search(self.pattern, str(value)):
            raise AssertionError(f'"{self.pattern}" does not match "{value}"')
        return True


def _names(expected):
    if isinstance(expected, tuple):
        return str(expected)
    return expected.__name__


def _closeness(first, second, places, delta):
    """How far two numbers are apart, what they are to lie within, and whether they do."""
    if delta is not None and places is not None:
        raise TypeError("specify delta or places not both")
    difference = abs(first - second)
    if delta is not None:
        return difference, f"{delta!r} delta", difference <= delta
    places = 7 if places is None else places
    return difference, f"{places!r} places", round(difference, places) == 0


class TestCase:
    failureException = AssertionError
    _skipped = None

    def __init_subclass__(cls, **more):
        super().__init_subclass__(**more)
        _CASES.append(cls)

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def id(self):
        return f"__main__.{type(self).__name__}.{self._testMethodName}"

    @contextmanager
    def subTest(self, msg=None, **params):
        yield

    def fail(self, msg=None):
        raise AssertionError(msg)

    def skipTest(self, reason):
        raise SkipTest(reason)

    def assertTrue(self, expr, msg=None):
        if not expr:
            self.fail(_words(msg, f"{expr!r} is not true"))

    def assertFalse(self, expr, msg=None):
        if expr:
            self.fail(_words(msg, f"{expr!r} is not false"))

    def assertEqual(self, first, second, msg=None):
        if not first == second:  # noqa: SIM201
            self.fail(_words(msg, f"{first!r} != {second!r}"))

    def assertNotEqual(self, first, second, msg=None):
        if not first != second:  # noqa: SIM202
            self.fail(_words(msg, f"{first!r} == {second!r}"))

    def assertListEqual(self, list1, list2, msg=None):
        self.assertEqual(list1, list2, msg)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertEqual(tuple1, tuple2, msg)

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertEqual(d1, d2, msg)

    def assertSetEqual(self, set1, set2, msg=None):
        self.assertEqual(set1, set2, msg)

    def assertSequenceEqual(self, seq1, seq2, msg=None, seq_type=None):
        self.assertEqual(list(seq1), list(seq2), msg)

    def assertCountEqual(self, first, second, msg=None):
        left = list(second)
        for one in first:
            if one not in left:
                self.fail(_words(msg, "Element counts were not equal"))
            left.remove(one)
        if left:
            self.fail(_words(msg, "Element counts were not equal"))

    def assertMultiLineEqual(self, first, second, msg=None):
        self.assertEqual(first, second, msg)

    def assertIs(self, expr1, expr2, msg=None):
        if expr1 is not expr2:
            self.fail(_words(msg, f"{expr1!r} is not {expr2!r}"))

    def assertIsNot(self, expr1, expr2, msg=None):
        if expr1 is expr2:
            self.fail(_words(msg, f"unexpectedly identical: {expr1!r}"))

    def assertIsNone(self, obj, msg=None):
        if obj is not None:
            self.fail(_words(msg, f"{obj!r} is not None"))

    def assertIsNotNone(self, obj, msg=None):
        if obj is None:
            self.fail(_words(msg, "unexpectedly None"))

    def assertIn(self, member, container, msg=None):
        if member not in container:
            self.fail(_words(msg, f"{member!r} not found in {container!r}"))

    def assertNotIn(self, member, container, msg=None):
        if member in container:
            self.fail(_words(msg, f"{member!r} unexpectedly found in {container!r}"))

    def assertIsInstance(self, obj, cls, msg=None):
        if not isinstance(obj, cls):
            self.fail(_words(msg, f"{obj!r} is not an instance of {cls!r}"))

    def assertNotIsInstance(self, obj, cls, msg=None):
        if isinstance(obj, cls):
            self.fail(_words(msg, f"{obj!r} is an instance of {cls!r}"))

    def assertLess(self, a, b, msg=None):
        if not a < b:
            self.fail(_words(msg, f"{a!r} not less than {b!r}"))

    def assertLessEqual(self, a, b, msg=None):
        if not a <= b:
            self.fail(_words(msg, f"{a!r} not less than or equal to {b!r}"))

    def assertGreater(self, a, b, msg=None):
        if not a > b:
            self.fail(_words(msg, f"{a!r} not greater than {b!r}"))

    def assertGreaterEqual(self, a, b, msg=None):
        if not a >= b:
            self.fail(_words(msg, f"{a!r} not greater than or equal to {b!r}"))

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        difference, within, near = _closeness(first, second, places, delta)
        if not near:
            standard = f"{first!r} != {second!r} within {within} ({difference!r} difference)"
            self.fail(_words(msg, standard))

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        difference, within, near = _closeness(first, second, places, delta)
        if first == second or near:
            told = "" if delta is None else f" ({difference!r} difference)"
            self.fail(_words(msg, f"{first!r} == {second!r} within {within}{told}"))

    def assertRegex(self, text, expected_regex, msg=None):
        if not re.search(expected_regex, text):
            self.fail(_words(msg, f"Regex didn't match: {expected_regex!r} not found in {text!r}"))

    def assertRaises(self, expected_exception, *args, **kwargs):
        return self._raising(expected_exception, None, args, kwargs)

    def assertRaisesRegex(self, expected_exception, expected_regex, *args, **kwargs):
        return self._raising(expected_exception, expected_regex, args, kwargs)

    def _raising(self, expected, pattern, args, kwargs):
        message = kwargs.pop("msg", None) if not args else None
        raised = _Raised(expected, pattern, message)
        if not args:
            return raised
        function, *rest = args
        with raised:
            function(*rest, **kwargs)


def _run(case, name):
    """How a test ends: a letter, and what is told of it."""
    try:
        case.setUp()
        try:
            getattr(case, name)()
        finally:
            case.tearDown()
    except SkipTest as reason:
        return "s", str(reason)
    except AssertionError as error:
        return "F", f"AssertionError: {error}"
    except Exception as error:
        return "E", f"{type(error).__name__}: {error}"
    return ".", ""


def main(module="__main__", defaultTest=None, argv=None, verbosity=1, exit=True, **more):
    """Run all tests of the program, by the names of their classes, and theirs; end it then."""
    begun = time.perf_counter()
    count = 0
    letters = ""
    told = []
    for cls in sorted(_CASES, key=lambda cls: cls.__name__):
        cls.setUpClass()
        for name in sorted(name for name in dir(cls) if name.startswith("test")):
            case = cls(name)
            letter, words = ("s", cls._skipped) if cls._skipped else _run(case, name)
            count += 1
            letters += letter
            if letter in "FE":
                kind = "FAIL" if letter == "F" else "ERROR"
                told.append(f"{_SEPARATORS[0]}\n{kind}: {name} ({case.id()})\n"
                            f"{_SEPARATORS[1]}\n{words}\n")  # fmt: skip
            sys.stderr.write(letter)
        cls.tearDownClass()
    sys.stderr.write("\n")
    for text in told:
        sys.stderr.write(text + "\n")
    took = time.perf_counter() - begun
    plural = "" if count == 1 else "s"
    sys.stderr.write(f"{_SEPARATORS[1]}\nRan {count} test{plural} in {took:.3f}s\n\n")
    failures, errors, skipped = letters.count("F"), letters.count("E"), letters.count("s")
    parts = [f"{word}={number}" for word, number in (
        ("failures", failures), ("errors", errors), ("skipped", skipped)) if number]  # fmt: skip
    ended = "FAILED" if failures or errors else "OK"
    sys.stderr.write(ended + (f" ({', '.join(parts)})" if parts else "") + "\n")
    if exit:
        sys.exit(failures + errors > 0)
