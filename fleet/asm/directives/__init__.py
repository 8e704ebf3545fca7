"""What a line that begins with a dot does."""
