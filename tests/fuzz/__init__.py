"""Random programs of everything that a body can do, run by CPython and by Fleet's layers.

In: a seed and the names of features. Out: the smallest programs on which a layer departs. The one
idea: a feature is one small function that writes a few lines, and any feature can stand in the body
of any other; whatever state a body touches is printed at the end.
"""
