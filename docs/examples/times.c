// Prints its arguments multiplied by ten, by the function in scale.s.
#include <stdio.h>
#include <stdlib.h>

extern void scale(float *numbers, long count, float factor);

int main(int argc, char **argv)
{
    float numbers[argc];
    for (int i = 1; i < argc; i++)
        numbers[i] = strtof(argv[i], NULL);
    scale(numbers + 1, argc - 1, 10);
    for (int i = 1; i < argc; i++)
        printf("%g%c", numbers[i], i < argc - 1 ? ' ' : '\n');
}
