#include "twin.h"
long f_start[N + 1], f_target[N * 8];
double f_rank[N], f_next[N];
void twin(long n) {
    for (long i = 0; i <= n; i++) f_start[i] = i * 8;
    for (long i = 0; i < n * 8; i++) f_target[i] = i * 37 % n;
    for (long i = 0; i < n; i++) f_rank[i] = 1.0 / n;
    for (long step = 0; step < n / 8; step++) {
        for (long i = 0; i < n; i++) f_next[i] = 0.15 / n;
        for (long i = 0; i < n; i++) {
            double share = 0.85 * f_rank[i] / (f_start[i + 1] - f_start[i]);
            for (long e = f_start[i]; e < f_start[i + 1]; e++) f_next[f_target[e]] += share;
        }
        for (long i = 0; i < n; i++) f_rank[i] = f_next[i];
    }
}
