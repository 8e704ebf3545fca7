# args: 8 3 10 1 6 14 4 7 13
import sys


class TreeNode:
    def __init__(self, key, left=None, right=None):
        self.key, self.left, self.right = key, left, right


def insert(root, key):
    if root is None:
        return TreeNode(key)
    if key < root.key:
        root.left = insert(root.left, key)
    else:
        root.right = insert(root.right, key)
    return root


def inorder(root):
    if root:
        yield from inorder(root.left)
        yield root.key
        yield from inorder(root.right)


def preorder(root):
    return [root.key] + preorder(root.left) + preorder(root.right) if root else []


def height(root):
    return 0 if root is None else 1 + max(height(root.left), height(root.right))


def contains(root, key):
    while root is not None and root.key != key:
        root = root.left if key < root.key else root.right
    return root is not None


root = None
for arg in sys.argv[1:]:
    root = insert(root, int(arg))
print(*inorder(root))
print(preorder(root), height(root))
print([contains(root, k) for k in (4, 5)])
for i, key in enumerate(inorder(root)):
    if i == 3:
        print("fourth", key)
        break
it = inorder(root)
print(next(it), next(it), next(it, None))
