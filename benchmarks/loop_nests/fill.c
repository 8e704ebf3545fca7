#include "twin.h"
double f_a[N * N];
void twin(long n) {
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) f_a[i * n + j] = (double)i * 3.0 + (double)j;
}
