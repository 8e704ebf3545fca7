"""Module text.

>>> 1 + 1
2
"""

import sys
import numpy as np

n = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def f(x):
    """
    >>> f(3)
    4
    >>> f("a")
    Traceback (most recent call last):
        ...
    TypeError: can only concatenate str (not "int") to str
    >>> for k in range(2):
    ...     print(f(k), end=" ")
    1 2
    >>> f(2.5)  # doctest: +ELLIPSIS
    3...
    >>> y = f(10); y
    11
    >>> None
    """
    return x + 1


def g(a):
    """
    >>> g(np.array([1.0, 2.0]))
    array([2., 4.])
    >>> g([1])
    [1, 1]
    >>> float(g(np.arange(4)).sum())
    12.0
    """
    return a * 2


def depends():
    """
    >>> depends()
    3
    """
    return n


class P:
    """
    >>> p = P(2)
    >>> p.double()
    4
    >>> p
    P(2)
    """

    def __init__(self, x):
        self.x = x

    def double(self):
        """
        >>> P(5).double()
        10
        """
        return self.x * 2

    def __repr__(self):
        return f"P({self.x})"


def wrong(x):
    """
    >>> wrong(1)
    5
    >>> print("a b")
    """
    return x


def primes(limit):
    """
    >>> primes(20)
    [2, 3, 5, 7, 11, 13, 17, 19]
    """
    out = []
    for k in range(2, limit):
        if all(k % p for p in out):
            out.append(k)
    return out


if __name__ == "__main__":
    import doctest

    doctest.testmod()
    print(doctest.testmod())
    print(f(n))
