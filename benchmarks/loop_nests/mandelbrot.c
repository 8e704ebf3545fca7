#include "twin.h"
long f_out[N * N];
void twin(long n) {
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++) {
            double cr = -2.0 + 3.0 * j / n, ci = -1.5 + 3.0 * i / n, zr = 0, zi = 0;
            long k = 0;
            while (k < 100 && zr * zr + zi * zi < 4.0) {
                double t = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = t;
                k++;
            }
            f_out[i * n + j] = k;
        }
}
