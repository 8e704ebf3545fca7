#include "twin.h"
double f_x[N], f_y[N], f_ax[N], f_ay[N];
void twin(long n) {
    for (long i = 0; i < n; i++)
        for (long j = 0; j < n; j++)
            if (i != j) {
                double dx = f_x[j] - f_x[i], dy = f_y[j] - f_y[i];
                double d = dx * dx + dy * dy + 0.01, f = 1.0 / (d * d);
                f_ax[i] += dx * f;
                f_ay[i] += dy * f;
            }
}
