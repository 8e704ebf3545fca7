#include "twin.h"
double f_a[N * N];
void twin(long n) {
    for (long i = 1; i < n - 1; i++)
        for (long j = 1; j < n - 1; j++)
            f_a[i * n + j] = (f_a[(i - 1) * n + j] + f_a[(i + 1) * n + j] + f_a[i * n + j - 1] +
                              f_a[i * n + j + 1] + f_a[i * n + j]) / 5.0;
}
