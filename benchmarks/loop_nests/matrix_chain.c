#include "twin.h"
long f_p[N + 1], f_m[N * N];
void twin(long n) {
    for (long i = 0; i <= n; i++) f_p[i] = i * 7 % 23 + 1;
    for (long length = 2; length <= n; length++)
        for (long i = 0; i < n - length + 1; i++) {
            long j = i + length - 1, best = 1000000000;
            for (long k = i; k < j; k++) {
                long cost = f_m[i * n + k] + f_m[(k + 1) * n + j] +
                            f_p[i] * f_p[k + 1] * f_p[j + 1];
                if (cost < best) best = cost;
            }
            f_m[i * n + j] = best;
        }
}
