"""What run time decides: branches, loops and recursion as regions, and the places they change."""
