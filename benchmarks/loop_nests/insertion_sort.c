#include "twin.h"
double f_x[N];
void twin(long n) {
    for (long i = 0; i < n; i++) f_x[i] = (double)(i * 7919 % 1009);
    for (long i = 1; i < n; i++) {
        double v = f_x[i];
        long j = i - 1;
        while (j >= 0 && f_x[j] > v) {
            f_x[j + 1] = f_x[j];
            j--;
        }
        f_x[j + 1] = v;
    }
}
