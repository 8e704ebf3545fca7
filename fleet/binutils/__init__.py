"""The commands of the binary tools: assemble, link, disassemble, look into ELF files.

In: paths and options as the command line has them. Out: files, or text to print. Each function is
one command; what they do is in `fleet/asm/`, each part with an API of its own. Each command has a
file here, so that none loads what another one needs.
"""
