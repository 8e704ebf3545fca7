# args: 10
import functools
import sys
import time


def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


@counted
def work(n, *, scale=1):
    """Adds squares."""
    return scale * sum(i * i for i in range(n))


start = time.perf_counter()
print(work(int(sys.argv[1])), work(5, scale=2))
elapsed = time.perf_counter() - start
print(elapsed >= 0, work.calls, work.__name__, work.__doc__)
