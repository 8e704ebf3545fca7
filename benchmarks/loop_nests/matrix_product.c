#include "twin.h"
double f_a[N * N], f_b[N * N], f_c[N * N];
void twin(long n) {
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) {
            double s = 0;
            for (long k = 0; k < n; k++) s += f_a[i * n + k] * f_b[k * n + j];
            f_c[i * n + j] = s;
        }
}
