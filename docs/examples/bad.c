struct node { int value, *next; };
__attribute__((noinline)) int lookup(struct node *node, int depth) {
    return depth ? lookup((struct node *)node->next, depth - 1) : *(&node->value + 1);
}
int main(void) { return lookup(0, 0); }
