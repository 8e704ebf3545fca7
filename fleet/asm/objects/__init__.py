"""Object files as data: sections, symbols, relocations, DWARF; read and written."""
