"""From bytes to text: disassembler, objdump's and readelf's views, listings."""
