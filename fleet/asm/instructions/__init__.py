"""What a line with a mnemonic becomes: forms, pseudo-instructions, bytes."""
