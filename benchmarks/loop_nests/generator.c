#include "twin.h"
long out;
void twin(long n) {
    long x = 12345, s = 0;
    for (long i = 0; i < n * n; i++) {
        x = (x * 1103515245 + 12345) & 2147483647;
        if (x % 3 == 0) s += x / 7;
    }
    out = s + x;
}
