#include "twin.h"
double f_a[N * N], f_k[9], f_out[N * N];
void twin(long n) {
    for (long i = 0; i < n - 2; i++)
        for (long j = 0; j < n - 2; j++) {
            double s = 0;
            for (long u = 0; u < 3; u++)
                for (long v = 0; v < 3; v++) s += f_a[(i + u) * n + j + v] * f_k[u * 3 + v];
            f_out[i * n + j] = s;
        }
}
