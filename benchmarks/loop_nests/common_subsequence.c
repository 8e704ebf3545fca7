#include "twin.h"
long f_a[N], f_b[N], f_t[(N + 1) * (N + 1)];
void twin(long n) {
    long m = n + 1;
    for (long i = 0; i < n; i++) f_a[i] = i * 7 % 5, f_b[i] = i * 11 % 3;
    for (long i = 1; i <= n; i++)
        for (long j = 1; j <= n; j++)
            if (f_a[i - 1] == f_b[j - 1])
                f_t[i * m + j] = f_t[(i - 1) * m + j - 1] + 1;
            else {
                long up = f_t[(i - 1) * m + j], left = f_t[i * m + j - 1];
                f_t[i * m + j] = left > up ? left : up;
            }
}
