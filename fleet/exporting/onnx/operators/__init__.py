"""What emits the nodes of each operation of the numpy stage, a file a kind; see `conversion`."""
