#include "twin.h"
double f_a[N * N];
void twin(long n) {
    for (long i = 1; i < n * n; i++) f_a[i] = f_a[i] + f_a[i - 1];
}
