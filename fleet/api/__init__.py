"""Fleet from Python: programs built and run, and NumPy functions compiled at their first call.

The names are `fleet`'s own: `fleet.build`, `fleet.run`, `fleet.lower`, `fleet.jit`.
"""
