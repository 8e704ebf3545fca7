/* Loops that a compiler turns into vector code, over every width of element. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEEP __attribute__((noinline)) static
enum { N = 24, LENGTH = 1003, WIDTH = 61, HEIGHT = 37 };

static uint64_t random_state = 88172645463325252u;

static uint32_t random_word(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state >> 16;
}

static void show(const char *name, const void *data, size_t size) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) hash = (hash ^ ((const uint8_t *)data)[i]) * 1099511628211u;
    printf("%-20s %016llx\n", name, (unsigned long long)hash);
}

#define MATMUL(name, type) \
    KEEP void name(const type *a, const type *b, type *c) { \
        for (int i = 0; i < N; i++) \
            for (int k = 0; k < N; k++) \
                for (int j = 0; j < N; j++) c[i * N + j] += a[i * N + k] * b[k * N + j]; \
    }
MATMUL(matmul_float, float)
MATMUL(matmul_double, double)
MATMUL(matmul_int, int32_t)
MATMUL(matmul_byte, int8_t)

KEEP void softmax(float *row, int n) {
    float most = row[0], sum = 0;
    for (int i = 1; i < n; i++) most = row[i] > most ? row[i] : most;
    for (int i = 0; i < n; i++) row[i] = expf(row[i] - most);
    for (int i = 0; i < n; i++) sum += row[i];
    for (int i = 0; i < n; i++) row[i] /= sum;
}

KEEP void blur(const uint8_t *from, uint8_t *to) {
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            const uint8_t *p = from + y * WIDTH + x;
            int sum = p[-WIDTH - 1] + 2 * p[-WIDTH] + p[-WIDTH + 1] + 2 * p[-1] + 4 * p[0] + 2 * p[1] +
                      p[WIDTH - 1] + 2 * p[WIDTH] + p[WIDTH + 1];
            to[y * WIDTH + x] = (sum + 8) >> 4;
        }
}

KEEP void edges(const uint8_t *from, int16_t *to) {
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            const uint8_t *p = from + y * WIDTH + x;
            int across = p[1 - WIDTH] - p[-1 - WIDTH] + 2 * (p[1] - p[-1]) + p[1 + WIDTH] - p[-1 + WIDTH];
            int down = p[WIDTH - 1] - p[-WIDTH - 1] + 2 * (p[WIDTH] - p[-WIDTH]);
            down += p[WIDTH + 1] - p[-WIDTH + 1];
            to[y * WIDTH + x] = abs(across) + abs(down);
        }
}

KEEP void brighten(uint8_t *pixels, int n, int by) {
    for (int i = 0; i < n; i++) {
        int sum = pixels[i] + by;
        pixels[i] = sum > 255 ? 255 : sum < 0 ? 0 : sum;
    }
}

KEEP void mix(const int16_t *a, const int16_t *b, int16_t *to, int n) {
    for (int i = 0; i < n; i++) {
        int32_t sum = (int32_t)a[i] + b[i];
        to[i] = sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum;
    }
}

KEEP void scale_q15(const int16_t *a, const int16_t *b, int16_t *to, int n) {
    for (int i = 0; i < n; i++) to[i] = ((int32_t)a[i] * b[i] + (1 << 14)) >> 15;
}

KEEP void histogram(const uint8_t *values, int n, uint32_t *counts) {
    for (int i = 0; i < n; i++) counts[values[i]]++;
}

KEEP void running_sum(const int32_t *values, int64_t *sums, int n) {
    int64_t sum = 0;
    for (int i = 0; i < n; i++) sums[i] = sum += values[i];
}

KEEP void gather(const double *from, const uint16_t *places, double *to, int n) {
    for (int i = 0; i < n; i++) to[i] = from[places[i]] * 2;
}

KEEP void scatter(const float *from, const uint32_t *places, float *to, int n) {
    for (int i = 0; i < n; i++) to[places[i]] = from[i] + 1;
}

struct point { float x, y, z; };
struct sample { int16_t left, right; };
struct pixel { uint8_t red, green, blue, alpha; };

KEEP void turn(struct point *points, int n, float angle) {
    float c = cosf(angle), s = sinf(angle);
    for (int i = 0; i < n; i++) {
        float x = points[i].x, y = points[i].y;
        points[i].x = c * x - s * y;
        points[i].y = s * x + c * y;
        points[i].z *= 2;
    }
}

KEEP void to_grey(const struct pixel *from, uint8_t *to, int n) {
    for (int i = 0; i < n; i++) to[i] = (77 * from[i].red + 150 * from[i].green + 29 * from[i].blue) >> 8;
}

KEEP int64_t loudness(const struct sample *samples, int n) {
    int64_t sum = 0;
    for (int i = 0; i < n; i++) {
        int64_t left = samples[i].left, right = samples[i].right;
        sum += left * left + right * right;
    }
    return sum;
}

KEEP double every_third(const double *values, int n) {
    double sum = 0;
    for (int i = 0; i < n; i += 3) sum += values[i];
    return sum;
}

#define REDUCTIONS(name, type, format) \
    KEEP void name(const type *values, int n) { \
        type sum = 0, least = values[0], most = values[0], all = (type)-1, any = 0, odd = 0; \
        for (int i = 0; i < n; i++) sum += values[i]; \
        for (int i = 0; i < n; i++) least = values[i] < least ? values[i] : least; \
        for (int i = 0; i < n; i++) most = values[i] > most ? values[i] : most; \
        for (int i = 0; i < n; i++) all &= values[i] | 0x11; \
        for (int i = 0; i < n; i++) any |= values[i] & 0x66; \
        for (int i = 0; i < n; i++) odd ^= values[i]; \
        printf("%-20s " format " " format " " format " " format " " format " " format "\n", #type, \
               sum, least, most, all, any, odd); \
    }
REDUCTIONS(reduce_i8, int8_t, "%hhd")
REDUCTIONS(reduce_u8, uint8_t, "%hhu")
REDUCTIONS(reduce_i16, int16_t, "%hd")
REDUCTIONS(reduce_u16, uint16_t, "%hu")
REDUCTIONS(reduce_i32, int32_t, "%d")
REDUCTIONS(reduce_u32, uint32_t, "%u")
REDUCTIONS(reduce_i64, int64_t, "%ld")
REDUCTIONS(reduce_u64, uint64_t, "%lu")

#define CONVERSION(name, from, to) \
    KEEP void name(const from *values, to *results, int n) { \
        for (int i = 0; i < n; i++) results[i] = (to)values[i]; \
    }
CONVERSION(i8_to_i64, int8_t, int64_t)
CONVERSION(u8_to_f32, uint8_t, float)
CONVERSION(i16_to_f64, int16_t, double)
CONVERSION(i64_to_f32, int64_t, float)
CONVERSION(u64_to_f64, uint64_t, double)
CONVERSION(f64_to_f32, double, float)
CONVERSION(f32_to_f64, float, double)
CONVERSION(i64_to_i8, int64_t, int8_t)

/* Not conversions alone: at vfcvt.rtz, unless the rounding mode was just set, qemu 7.2 fails. */
#define ROUNDING(name, from, to) \
    KEEP void name(const from *values, to *results, int n) { \
        for (int i = 0; i < n; i++) results[i] = (to)(values[i] * (from)0.75); \
    }
ROUNDING(f32_to_i32, float, int32_t)
ROUNDING(f64_to_i64, double, int64_t)

KEEP void divide(const int32_t *a, const int32_t *b, int32_t *quotients, int32_t *rests, int n) {
    for (int i = 0; i < n; i++) {
        quotients[i] = a[i] / (b[i] | 1);
        rests[i] = a[i] % (b[i] | 1);
    }
}

KEEP void shifts(const uint64_t *values, uint64_t *results, int n) {
    for (int i = 0; i < n; i++)
        results[i] = (values[i] << (i & 63)) ^ (values[i] >> (i % 61)) ^ ((int64_t)values[i] >> (i % 7));
}

KEEP void high_halves(const int32_t *a, const int32_t *b, int32_t *results, int n) {
    for (int i = 0; i < n; i++) results[i] = ((int64_t)a[i] * b[i]) >> 32;
}

KEEP void choose(const float *a, const float *b, float *results, int n) {
    for (int i = 0; i < n; i++)
        results[i] = a[i] > b[i] ? sqrtf(fabsf(a[i])) : a[i] == 0 ? -1 : floorf(b[i]) + copysignf(1, a[i]);
}

KEEP void polynomial(const double *x, double *y, int n) {
    for (int i = 0; i < n; i++) y[i] = fma(fma(fma(x[i], 0.25, -1.5), x[i], 3), x[i], 1 / (1 + x[i] * x[i]));
}

KEEP void reverse(int16_t *values, int n) {
    for (int i = 0; i < n / 2; i++) {
        int16_t kept = values[i];
        values[i] = values[n - 1 - i];
        values[n - 1 - i] = kept;
    }
}

KEEP int first_above(const int32_t *values, int n, int32_t limit) {
    for (int i = 0; i < n; i++)
        if (values[i] > limit) return i;
    return -1;
}

KEEP int keep_odd(const int32_t *values, int32_t *kept, int n) {
    int count = 0;
    for (int i = 0; i < n; i++)
        if (values[i] & 1) kept[count++] = values[i];
    return count;
}

KEEP void sort(int32_t *values, int n) {
    for (int gap = n / 2; gap; gap /= 2)
        for (int i = gap; i < n; i++) {
            int32_t value = values[i];
            int j = i;
            for (; j >= gap && values[j - gap] > value; j -= gap) values[j] = values[j - gap];
            values[j] = value;
        }
}

static void *filled(size_t size) {
    uint8_t *data = malloc(size);
    for (size_t i = 0; i < size; i++) data[i] = random_word() >> 8;
    return data;
}

int main(void) {
    static float fa[N * N], fb[N * N], fc[N * N], floats[LENGTH], more[LENGTH], out[LENGTH];
    static double da[N * N], db[N * N], dc[N * N], doubles[LENGTH], double_out[LENGTH];
    for (int i = 0; i < N * N; i++) {
        fa[i] = da[i] = (int)(random_word() % 2001) / 100.0 - 10;
        fb[i] = db[i] = (int)(random_word() % 3001) / 1000.0 - 1;
    }
    matmul_float(fa, fb, fc);
    matmul_double(da, db, dc);
    show("matmul float", fc, sizeof fc);
    show("matmul double", dc, sizeof dc);
    int32_t *ints = filled(LENGTH * 4), *others = filled(LENGTH * 4);
    int32_t *int_out = calloc(LENGTH, 4), *rests = calloc(LENGTH, 4);
    matmul_int(ints, others, int_out);
    show("matmul int", int_out, N * N * 4);
    int8_t *bytes = filled(LENGTH * 8), *byte_out = calloc(LENGTH, 8);
    matmul_byte(bytes, bytes + 300, byte_out);
    show("matmul byte", byte_out, N * N);
    softmax(fc, N * N);
    show("softmax", fc, sizeof fc);

    uint8_t *image = filled(WIDTH * HEIGHT), *blurred = calloc(WIDTH, HEIGHT);
    int16_t *gradient = calloc(WIDTH * HEIGHT, 2);
    blur(image, blurred);
    edges(image, gradient);
    show("blur", blurred, WIDTH * HEIGHT);
    show("edges", gradient, WIDTH * HEIGHT * 2);
    brighten(image, WIDTH * HEIGHT, 100);
    brighten(blurred, WIDTH * HEIGHT, -100);
    show("brighter", image, WIDTH * HEIGHT);
    show("darker", blurred, WIDTH * HEIGHT);
    int16_t *shorts = filled(LENGTH * 4), *short_out = calloc(LENGTH, 2);
    mix(shorts, shorts + LENGTH, short_out, LENGTH);
    show("mix", short_out, LENGTH * 2);
    scale_q15(shorts, shorts + LENGTH, short_out, LENGTH);
    show("scale", short_out, LENGTH * 2);
    static uint32_t counts[256];
    histogram(image, WIDTH * HEIGHT, counts);
    show("histogram", counts, sizeof counts);
    static int64_t sums[LENGTH];
    running_sum(ints, sums, LENGTH);
    show("running sum", sums, sizeof sums);

    static uint16_t places[LENGTH];
    static uint32_t order[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
        doubles[i] = (int32_t)random_word() / 65536.0;
        floats[i] = i % 10 ? (int32_t)random_word() / 1e7f : 0;
        more[i] = (int32_t)random_word() / 1e7f;
        places[i] = random_word() % LENGTH;
        order[i] = i * 10 % LENGTH;
    }
    gather(doubles, places, double_out, LENGTH);
    show("gather", double_out, sizeof double_out);
    scatter(floats, order, out, LENGTH);
    show("scatter", out, sizeof out);
    turn((struct point *)more, LENGTH / 3, 0.5f);
    show("turn", more, sizeof more);
    to_grey((struct pixel *)ints, blurred, LENGTH);
    show("grey", blurred, LENGTH);
    printf("%ld %.17g\n", loudness((struct sample *)ints, LENGTH), every_third(doubles, LENGTH));

    reduce_i8(bytes, LENGTH);
    reduce_u8((uint8_t *)bytes, LENGTH);
    reduce_i16(shorts, LENGTH);
    reduce_u16((uint16_t *)shorts, LENGTH);
    reduce_i32(ints, LENGTH);
    reduce_u32((uint32_t *)ints, LENGTH);
    reduce_i64(sums, LENGTH);
    reduce_u64((uint64_t *)sums, LENGTH);

#define CONVERT(name, values, type) \
    { \
        type *results = calloc(LENGTH, sizeof(type)); \
        name(values, results, LENGTH); \
        show(#name, results, LENGTH * sizeof(type)); \
        free(results); \
    }
    CONVERT(i8_to_i64, bytes, int64_t)
    CONVERT(u8_to_f32, (uint8_t *)bytes, float)
    CONVERT(i16_to_f64, shorts, double)
    CONVERT(i64_to_f32, sums, float)
    CONVERT(u64_to_f64, (uint64_t *)sums, double)
    CONVERT(f64_to_f32, doubles, float)
    CONVERT(f32_to_f64, floats, double)
    CONVERT(f32_to_i32, floats, int32_t)
    CONVERT(f64_to_i64, doubles, int64_t)
    CONVERT(i64_to_i8, sums, int8_t)

    divide(ints, others, int_out, rests, LENGTH);
    show("quotients", int_out, LENGTH * 4);
    show("rests", rests, LENGTH * 4);
    static uint64_t shifted[LENGTH];
    shifts((uint64_t *)sums, shifted, LENGTH);
    show("shifts", shifted, sizeof shifted);
    high_halves(ints, others, int_out, LENGTH);
    show("high halves", int_out, LENGTH * 4);
    choose(floats, more, out, LENGTH);
    show("choose", out, sizeof out);
    polynomial(doubles, double_out, LENGTH);
    show("polynomial", double_out, sizeof double_out);
    reverse(shorts, LENGTH);
    show("reverse", shorts, LENGTH * 2);
    printf("first above %d\n", first_above(ints, LENGTH, 2100000000));
    int kept = keep_odd(ints, int_out, LENGTH);
    printf("odd %d\n", kept);
    show("odd", int_out, kept * 4);
    sort(ints, LENGTH);
    show("sorted", ints, LENGTH * 4);
    memset(byte_out, 0x5A, LENGTH * 8);
    memmove(byte_out + 3, bytes, 4000);
    memcpy(byte_out + 5000, bytes + 1, 999);
    show("moved", byte_out, LENGTH * 8);
    return 0;
}
