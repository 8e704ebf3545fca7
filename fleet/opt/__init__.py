"""What `fleet opt` is made of: running passes on IR text while somebody looks on.

In: IR text and what is asked for. Out: the text after the passes, and reports. The one idea: the
pass manager knows nothing of printing, measuring or reproducing; each of these is an instrument.
"""
