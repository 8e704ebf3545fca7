"""Generators: their expressions, item by item, and their functions, which stop and go on."""
