#include "twin.h"
_Bool f_c[N * N];
long out;
void twin(long n) {
    long m = n * n, count = 0;
    for (long i = 2; i < m; i++)
        if (!f_c[i]) {
            count++;
            for (long j = i * i; j < m; j += i) f_c[j] = 1;
        }
    out = count;
}
