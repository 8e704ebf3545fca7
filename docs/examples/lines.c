#include <stdio.h>

int main(int argc, char **argv) {
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        perror(argv[1]);
        return 1;
    }
    int count = 0;
    for (int c = getc(file); c != EOF; c = getc(file))
        count += c == '\n';
    printf("%d\n", count);
    return 0;
}
