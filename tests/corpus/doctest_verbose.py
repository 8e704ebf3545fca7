import sys
def f(x):
    """
    >>> for i in range(3):
    ...     f(i)
    0
    2
    4
    >>> if f(1) == 2:
    ...     "yes"
    ... else:
    ...     f(2)
    'yes'
    >>> try:
    ...     f("a") + 1
    ... except TypeError as e:
    ...     str(e)
    ... finally:
    ...     f(0)
    'can only concatenate str (not "int") to str'
    0
    >>> def g():
    ...     f(1)
    ...     f(2)
    >>> g()
    >>> class C:
    ...     f(1)
    >>> f(3); f(4)
    6
    8
    >>> None
    >>> f(2)
    5
    """
    return x * 2
class K:
    "no examples"
    def a(self): pass
    def b(self):
        """
        >>> K().b()
        1
        """
        return 1
def nodoc(): pass
if __name__ == "__main__":
    import doctest
    print(doctest.testmod(verbose=True))
