#include "twin.h"
typedef unsigned __int128 wide;
typedef unsigned long word;
long out;
static wide state = ((wide)0x35cbd1b3f1ca6b2eUL << 64) | 0x9c0fb4c3b0f2c3a1UL;
static const wide increment = ((wide)0x3b9aca0712345678UL << 64) | 0x9abcdef123456789UL;
static const wide multiplier = ((wide)2549297995355413924UL << 64) | 4865540595714422341UL;
static inline double draw(void) {
    state = state * multiplier + increment;
    word folded = (word)(state >> 64) ^ (word)state;
    unsigned turn = (unsigned)(state >> 122);
    word bits = (folded >> turn) | (folded << (-turn & 63));
    return (double)(bits >> 11) * (1.0 / 9007199254740992.0);
}
void twin(long n) {
    long inside = 0;
    for (long i = 0; i < n * n; i++) {
        double x = draw(), y = draw();
        if (x * x + y * y < 1.0) inside++;
    }
    out = inside;
}
