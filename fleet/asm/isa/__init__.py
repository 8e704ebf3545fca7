"""What the machine is: the one instruction table, encodings, registers, extensions."""
