#include "twin.h"
double out;
void twin(long n) {
    double s = 0;
    for (long i = 0; i < n * n; i++) s += (double)i * 0.5;
    out = s;
}
