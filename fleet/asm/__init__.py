"""RISC-V assembler, disassembler, linker and ELF tools, all reading one instruction table."""
