#include "twin.h"
long f_a[N], f_b[N], f_s[(N + 1) * (N + 1)];
void twin(long n) {
    long m = n + 1;
    for (long i = 0; i < n; i++) f_a[i] = i * 7 % 4, f_b[i] = i * 3 % 4;
    for (long i = 0; i <= n; i++) f_s[i * m] = f_s[i] = -2 * i;
    for (long i = 1; i <= n; i++)
        for (long j = 1; j <= n; j++) {
            long best = f_s[(i - 1) * m + j - 1] - 1;
            if (f_a[i - 1] == f_b[j - 1]) best = f_s[(i - 1) * m + j - 1] + 1;
            if (f_s[(i - 1) * m + j] - 2 > best) best = f_s[(i - 1) * m + j] - 2;
            if (f_s[i * m + j - 1] - 2 > best) best = f_s[i * m + j - 1] - 2;
            f_s[i * m + j] = best;
        }
}
