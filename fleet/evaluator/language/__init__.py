"""What each kind of node means: expressions, statements, calls, loops."""
