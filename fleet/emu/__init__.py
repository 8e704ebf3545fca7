"""The RISC-V machine: an ELF or raw code in, its effects on memory and standard output out.

Unicorn executes RV64GC. It has no vector extension, so every vector instruction traps, and the
vector unit in `fleet.emu.vector` executes it on NumPy views of guest memory and of the register
file.

    memory    guest address space: regions backed by host mmaps
    cpu       Unicorn, and direct access to its scalar registers
    machine   cpu + memory + vector unit: run, traps, faults
    device    a machine that kernels are called on
    loader    ELF segments to regions
    linux     what a process finds when it starts, and the system calls
"""
