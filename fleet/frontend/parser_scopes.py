def check_scopes(node):
    pass
