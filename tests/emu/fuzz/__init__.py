"""Fuzzing the emulator: vector instructions against qemu-riscv64, and hostile programs.

    python -m tests.emu.fuzz --help

`sequences` draws random sequences of vector instructions, `harness` makes a program of many and
runs it under qemu and on our machine, `differential` compares what they leave behind and shrinks
what differs to one instruction; `departures` is the table of what qemu is known to do otherwise.
`scalars` does the same with long rows of scalar instructions of RVA23, which take qemu 10.
`hostile` draws programs that respect nothing and runs them with both executors.
"""
