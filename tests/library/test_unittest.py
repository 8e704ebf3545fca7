"""`unittest`: what passes, fails and is left out, beside CPython's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import unittest

def divided(a, b):
    return a / b

class TestDivision(unittest.TestCase):
    def setUp(self):
        self.n = len(sys.argv)

    def test_results(self):
        self.assertEqual(divided(self.n, 1), self.n)
        self.assertAlmostEqual(divided(1, 3), 0.3333333333)
        self.assertIn(self.n, [1, 2])
        self.assertIsNone(None)
        self.assertCountEqual([self.n, 1], [1, self.n])
        self.assertRegex("a" * self.n, "a+")

    def test_exceptions(self):
        with self.assertRaises(ZeroDivisionError) as caught:
            divided(self.n, 0)
        print("caught", caught.exception)
        with self.assertRaisesRegex(ValueError, "invalid literal"):
            int("x" * self.n)
        self.assertRaises(TypeError, divided, 1, "0")

    @unittest.skip("not now")
    def test_left_out(self):
        self.fail()

    def test_wrong(self):
        self.assertEqual(self.n, 99, "of arguments")

    def test_error(self):
        divided(self.n, "1")

class TestAnother(unittest.TestCase):
    def test_first(self):
        print("first")
        self.assertLess(self.n_of_class, 3)

    @classmethod
    def setUpClass(cls):
        cls.n_of_class = 2

if __name__ == "__main__":
    unittest.main()
"""


@pytest.mark.parametrize("executor", ["ast", "ir", "emu"])
def test_tests_end_as_cpythons(tmp_path: Path, executor: str) -> None:
    path = tmp_path / "cases.py"
    path.write_text(PROGRAM)
    real = subprocess.run([sys.executable, path], capture_output=True, text=True)
    ours = subprocess.run(
        [sys.executable, "-m", "fleet", "run", "--on", executor, path],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (ours.stdout, ours.returncode) == (real.stdout, real.returncode)
    told, expected = ours.stderr.splitlines(), real.stderr.splitlines()
    assert (told[0], told[-1]) == (expected[0], expected[-1])
    words = ("FAIL: ", "ERROR: ", "AssertionError: ", "TypeError: ")
    assert [line for line in told if line.startswith(words)] == [
        line for line in expected if line.startswith(words)]
