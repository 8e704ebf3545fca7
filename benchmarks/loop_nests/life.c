#include "twin.h"
signed char f_a[N * N], f_b[N * N];
static long wrap(long x, long n) { long r = x % n; return r < 0 ? r + n : r; }
void twin(long n) {
    for (long i = 0; i < n * n; i++) f_a[i] = i * 7 % 3 % 2;
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) {
            long count = 0;
            for (long u = -1; u < 2; u++)
                for (long v = -1; v < 2; v++)
                    if (u != 0 || v != 0) count += f_a[wrap(i + u, n) * n + wrap(j + v, n)];
            if (count == 3 || (count == 2 && f_a[i * n + j] == 1)) f_b[i * n + j] = 1;
        }
}
