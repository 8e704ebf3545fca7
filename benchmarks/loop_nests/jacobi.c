#include "twin.h"
double f_a[N * N], f_b[N * N], out;
void twin(long n) {
    double change = 1;
    for (long i = 0; i < n; i++) f_a[i * n] = f_b[i * n] = 1;
    for (long steps = 0; change > 0.01 && steps < 20; steps++) {
        change = 0;
        for (long i = 1; i < n - 1; i++)
            for (long j = 1; j < n - 1; j++)
                f_b[i * n + j] = (f_a[(i - 1) * n + j] + f_a[(i + 1) * n + j] +
                                  f_a[i * n + j - 1] + f_a[i * n + j + 1]) * 0.25;
        for (long i = 1; i < n - 1; i++)
            for (long j = 1; j < n - 1; j++) {
                double d = __builtin_fabs(f_b[i * n + j] - f_a[i * n + j]);
                if (d > change) change = d;
                f_a[i * n + j] = f_b[i * n + j];
            }
    }
    out = change;
}
