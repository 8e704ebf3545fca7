def check_placement(node):
    pass
