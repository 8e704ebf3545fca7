"""Linux user mode: a static executable runs as a process, on a machine that is all its own.

    process    what a program finds when it starts, and the loop that runs it
    heap       what `brk` moves the end of
    files      descriptors, open files, and paths below one folder
    signals    handlers, and the frames from which they return
    table      the system calls by number; what they do is in `*_calls`
    strace     a line of text for each system call
    errors     the numbers of Linux's errors, which the host may number otherwise
"""
