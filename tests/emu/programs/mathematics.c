/* <math.h>, <fenv.h>, <complex.h> and long double, which the library computes with integers. */
#include <complex.h>
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ONE(name) printf("%-10s %a %a\n", #name, name(x), (double)name##f((float)x))
#define TWO(name) printf("%-10s %a %a\n", #name, name(x, y), (double)name##f((float)x, (float)y))

static void functions(double x, double y) {
    printf("of %g and %g\n", x, y);
    ONE(sin); ONE(cos); ONE(tan); ONE(asin); ONE(acos); ONE(atan); ONE(sinh); ONE(cosh); ONE(tanh);
    ONE(asinh); ONE(acosh); ONE(atanh); ONE(exp); ONE(exp2); ONE(expm1); ONE(log); ONE(log2); ONE(log10);
    ONE(log1p); ONE(sqrt); ONE(cbrt); ONE(erf); ONE(erfc); ONE(tgamma); ONE(lgamma); ONE(floor); ONE(ceil);
    ONE(trunc); ONE(round); ONE(rint); ONE(nearbyint); ONE(logb); ONE(j0); ONE(y1); ONE(fabs);
    TWO(pow); TWO(atan2); TWO(hypot); TWO(fmod); TWO(remainder); TWO(fmin); TWO(fmax); TWO(fdim);
    TWO(copysign); TWO(nextafter);
    int exponent, quotient;
    double whole, part = modf(x, &whole), fraction = frexp(x, &exponent);
    printf("%a %a %a %d %a %a", part, whole, fraction, exponent, ldexp(x, 7), scalbn(y, -1030));
    printf(" %a %d %d", remquo(x, y, &quotient), fpclassify(x), signbit(y) != 0);
    printf(" %ld %lld\n", lrint(fmod(x, 1e6)), llround(fmod(y, 1e6)));
}

static void rounding(volatile double a, volatile double b) {
    const int modes[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
    for (int i = 0; i < 4; i++) {
        fesetround(modes[i]);
        feclearexcept(FE_ALL_EXCEPT);
        double sum = a + b, quotient = a / b;
        float narrow = (float)quotient;
        printf("%d %a %a %a %a %ld %d %.3f\n", i, sum, quotient, narrow, sqrt(fabs(b)), lrint(a),
            fetestexcept(FE_ALL_EXCEPT), a);
    }
    fesetround(FE_TONEAREST);
}

static void flags(void) {
    volatile double zero = 0, huge = 1e308, tiny = 1e-308;
    volatile double results[5];
    for (int i = 0; i < 5; i++) {
        feclearexcept(FE_ALL_EXCEPT);
        switch (i) {
        case 0: results[i] = 1 / zero; break;
        case 1: results[i] = zero / zero; break;
        case 2: results[i] = huge * huge; break;
        case 3: results[i] = tiny * 1e-10; break;
        default: results[i] = (double)(long)(huge); break;
        }
        printf("%d %a %x\n", i, results[i], fetestexcept(FE_ALL_EXCEPT));
    }
}

int main(void) {
    const double values[] = {0.5, -0.75, 2.25, 1e-9, 123.456, -1e10, 0, 3e-310, INFINITY};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) functions(values[i], values[(i * 4 + 2) % 9]);
    rounding(1.1, -3.3);
    rounding(1e300, 7e-200);
    flags();
    volatile long double third = 1.0L / 3, big = 1e300L;
    printf("%.33Lg %.33Lg %.33Lg %La %d\n", third, big * big, sqrtl(third), expl(third), (int)(third * 100));
    printf("%.30Lg %.30Lg %.30Lg\n", sinl(third), powl(big, 0.1L), fmal(third, big, -1));
    double complex z = cexp(1 + 2 * I) * csqrt(-3 + 0.5 * I) / clog(0.25 - 7 * I);
    printf("%a %a %a\n", creal(z), cimag(z), cabs(z));
    srand(7);
    srand48(7);
    long sum = 0;
    for (int i = 0; i < 1000; i++) sum += rand() % 1000;
    printf("%ld %a %ld\n", sum, drand48(), random());
    time_t then = 1234567890;
    char text[64];
    strftime(text, sizeof text, "%A %d %B %Y %H:%M:%S %j %U", gmtime(&then));
    struct tm parts = {.tm_year = 124, .tm_mon = 1, .tm_mday = 30};
    printf("%s %ld %s", text, (long)mktime(&parts), asctime(&parts));
    div_t halves = div(-7, 2);
    printf("%d %d %lld\n", halves.quot, halves.rem, llabs(-5));
    __int128 wide = (__int128)INT64_MAX * INT64_MIN / 12345;
    printf("%016llx%016llx\n", (unsigned long long)(wide >> 64), (unsigned long long)wide);
    return 0;
}
