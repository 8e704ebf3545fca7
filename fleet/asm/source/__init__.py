"""What an assembler reads, statements and expressions, and the sections it fills."""
