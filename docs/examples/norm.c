#include <math.h>
#include <stdio.h>
#include <string.h>

static float numbers[20000];

__attribute__((noinline)) float norm(const float *x, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrtf(sum);
}

int main(int argc, char **argv) {
    for (int i = 0; i < 20000; i++)
        numbers[i] = (float)i / 20000;
    if (argc > 1 && strcmp(argv[1], "length") == 0)
        printf("length: %f\n", norm(numbers, 20000));
    return 0;
}
