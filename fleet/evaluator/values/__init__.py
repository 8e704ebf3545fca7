"""What a program's values are, known now or at run time, and what operations on them mean."""
