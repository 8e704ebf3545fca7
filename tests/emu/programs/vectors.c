#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 33
static float a[N][N], b[N][N], c[N][N];
static double wide[100];

__attribute__((noinline)) static void matmul(void) {
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++)
            for (int j = 0; j < N; j++)
                c[i][j] += a[i][k] * b[k][j];
}

__attribute__((noinline)) static void softmax(float *row, int n) {
    float most = row[0], sum = 0;
    for (int i = 1; i < n; i++) most = row[i] > most ? row[i] : most;
    for (int i = 0; i < n; i++) row[i] = expf(row[i] - most);
    for (int i = 0; i < n; i++) sum += row[i];
    for (int i = 0; i < n; i++) row[i] /= sum;
}

__attribute__((noinline)) static long count_below(const short *values, int n, short limit) {
    long below = 0;
    for (int i = 0; i < n; i++) below += values[i] < limit;
    return below;
}

static int by_value(const void *x, const void *y) {
    double d = *(const double *)x - *(const double *)y;
    return (d > 0) - (d < 0);
}

int main(int argc, char **argv) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = sinf(i + 2 * j);
            b[i][j] = cosf(3 * i - j);
        }
    matmul();
    for (int i = 0; i < N; i += 8) printf("%.9g %.9g\n", c[i][0], c[i][N - 1]);
    softmax(c[1], N);
    for (int i = 0; i < N; i += 4) printf("%.9g ", c[1][i]);
    for (int i = 0; i < 100; i++) wide[i] = sin(i) * pow(10, i % 13 - 6);
    qsort(wide, 100, sizeof *wide, by_value);
    for (int i = 0; i < 100; i += 9) printf("\n%d %g %.17g %a %e", i, wide[i], wide[i], wide[i], wide[i]);
    short *values = malloc(100000 * sizeof *values);
    for (int i = 0; i < 100000; i++) values[i] = (short)(i * 7919);
    printf("\n%ld\n", count_below(values, 100000, 123));
    values = realloc(values, 400000);
    printf("%d\n", values[77777]);
    free(values);
    char text[200] = "";
    for (int i = 1; i < argc; i++) strcat(strcat(text, argv[i]), ";");
    char *found = strchr(text, 'f');
    printf("%s %zu %s %d\n", text, strlen(text), found ? found : "-", memcmp(text, "one", 3));
    printf("%f %f %f %.3f\n", 1 / 0.0, -1 / 0.0, strtod("1.5e300", 0), strtod("0x1p-3", 0));
    char line[100];
    while (fgets(line, sizeof line, stdin)) fprintf(stderr, "read %s", line);
    return 7;
}
