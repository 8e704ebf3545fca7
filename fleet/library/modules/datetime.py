"""`datetime`: days, moments and what is between them.

The classes are CPython's own, and the values objects of the run.
"""

import sys

import primitives

MINYEAR, MAXYEAR = 1, 9999
timedelta = primitives.exact_class("datetime.timedelta")
tzinfo = primitives.exact_class("datetime.tzinfo")
timezone = primitives.exact_class("datetime.timezone")
date = primitives.exact_class("datetime.date")
time = primitives.exact_class("datetime.time")
datetime = primitives.exact_class("datetime.datetime")
if sys.version_info >= (3, 11):
    UTC = timezone.utc
