/* Printing and reading numbers, strings, sorting and searching: the C library at work. */
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 0x9E3779B97F4A7C15u;

static uint64_t random_word(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void print_floats(void) {
    const double values[] = {0, -0.0, 1, -1.5, 0.1, 1e-5, 123456789, 1e15, 1e16, 9.995, 2.5, 3.5, 1e100,
        DBL_MAX, DBL_MIN,
                             DBL_TRUE_MIN, INFINITY, -INFINITY, 1.0 / 3, M_PI * 1e-300, 4503599627370497.5};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double x = values[i];
        printf("%f|%e|%g|%a|%.0f|%.3e|%10.4g|%-12.2f|%+.1f|% g|%#.0e|%020.6f|%G|%.17g\n", x, x, x, x, x, x,
            x, x, x, x, x, x,
               x, x);
    }
    printf("%f %e %g\n", NAN, NAN, NAN);
    printf("%Lf %Lg %La %.30Lg\n", 1.0L / 3, 1e4000L, 0.1L, 2.0L / 7);
    printf("%.50f\n%.60g\n", 0.1, DBL_TRUE_MIN);
}

static void round_trips(void) {
    int wrong = 0;
    for (int i = 0; i < 3000; i++) {
        union { uint64_t bits; double value; } number = {random_word()};
        if (isnan(number.value)) continue;
        char text[64];
        sprintf(text, i & 1 ? "%.17g" : "%a", number.value);
        wrong += strtod(text, 0) != number.value;
        float narrow = (float)(int32_t)number.bits / 257;
        sprintf(text, "%.9g", narrow);
        wrong += strtof(text, 0) != narrow;
    }
    printf("%d wrong\n", wrong);
    const char *texts[] = {"1e400", "-1e400", "4.9e-324", "2.4e-324", "0x1.fffffffffffff8p0", "nan(12)",
        "inFinity", "  12.5abc",
                           "9007199254740993", "1.00000000000000011102230246251565404", "0x", "."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        errno = 0;
        double value = strtod(texts[i], &end);
        printf("%a '%s' %d\n", value, end, errno);
    }
}

static void print_integers(void) {
    printf("%d %i %u %o %x %X %#x %#o %+d % d %05d %-5d| %5d %.3d %hhd %hd %ld %lld %zu %jd\n", INT_MIN,
        -7, UINT_MAX, 8, 255, 255,
           255, 8, 5, 5, 42, 42, 42, 7, (signed char)200, (short)40000, LONG_MIN, LLONG_MAX, (size_t)-1,
               (intmax_t)-3);
    printf("%c %5c %-5c| %s %10s %-10s| %.3s %*d %-*d| %p %% %n\n", 'a', 'b', 'c', "text", "right", "left",
        "abcdef", 6, 42, 6, 42,
           (void *)0x1234, &(int){0});
    int a = 0, b = 0, n = 0;
    float f = 0;
    char word[20] = "", set[20] = "";
    int found = sscanf("12 0x1F -3.25 hello [abc]", "%d %i %f %19s [%19[a-z]]%n", &a, &b, &f, word, set, &n);
    printf("%d: %d %d %g %s %s %d\n", found, a, b, f, word, set, n);
    errno = 0;
    printf("%ld %d", strtol("99999999999999999999", 0, 10), errno);
    printf(" %ld %lu %lld\n", strtol("-zz", 0, 36), strtoul("-1", 0, 0), strtoll("0777", 0, 0));
}

static void strings(void) {
    char text[300] = "", copy[300];
    for (int i = 0; i < 40; i++) strcat(text, (const char *[]){"alpha ", "beta;", "gamma,",
        "\xc3\xa9t\xc3\xa9 "}[random_word() % 4]);
    for (int start = 0; start < 20; start++) {
        strcpy(copy + start, text + start);
        if (strlen(copy + start) != strlen(text) - start || strcmp(copy + start,
            text + start)) puts("strcpy");
        if (memcmp(copy + start, text + start, strlen(text + start))) puts("memcmp");
    }
    printf("%zu %td %td %zu %zu\n", strlen(text), strchr(text, ';') - text, strrchr(text, ',') - text,
        strspn(text, "aehlpt "),
           strcspn(text, ";"));
    printf("%d %d %d\n", strcmp("abc", "abd") < 0, strncmp("abcx", "abcy", 3), strcasecmp("HeLLo", "hEllO"));
    printf("%s|%s\n", strstr(text, "gamma,beta") ? "found" : "missing", strpbrk(text, ",;"));
    int tokens = 0;
    for (char *token = strtok(copy, ",; "); token; token = strtok(0, ",; ")) tokens++;
    printf("%d tokens\n", tokens);
    char *twice = strdup(text);
    memmove(twice + 5, twice, 100);
    printf("%.60s %p\n", twice, memchr(twice, 0x7F, 50));
    for (char *c = twice; *c; c++) *c = isalpha((unsigned char)*c) ? toupper(*c) : isspace(*c) ? '_' : *c;
    puts(twice);
    free(twice);
}

struct entry { char name[12]; uint64_t key; };

static int by_key(const void *a, const void *b) {
    uint64_t x = ((const struct entry *)a)->key, y = ((const struct entry *)b)->key;
    return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void sorting(void) {
    static struct entry entries[2000];
    for (int i = 0; i < 2000; i++) {
        entries[i].key = random_word() % 5000;
        snprintf(entries[i].name, sizeof entries[i].name, "%" PRIx64, random_word() >> 40);
    }
    qsort(entries, 2000, sizeof *entries, by_key);
    for (int i = 1; i < 2000; i++)
        if (entries[i - 1].key > entries[i].key) puts("unsorted");
    qsort(entries, 2000, sizeof *entries, by_name);
    printf("%s %s %s\n", entries[0].name, entries[1000].name, entries[1999].name);
    struct entry *found = bsearch(entries[777].name, entries, 2000, sizeof *entries, by_name);
    printf("%d\n", found && !strcmp(found->name, entries[777].name));
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) printf("[%s] %zu\n", argv[i], strlen(argv[i]));
    printf("%s|%s\n", getenv("GREETING") ? getenv("GREETING") : "none",
        getenv("EMPTY") ? getenv("EMPTY") : "none");
    print_floats();
    round_trips();
    print_integers();
    strings();
    sorting();
    int letters[256] = {0}, byte;
    long total = 0;
    while ((byte = getchar()) != EOF) letters[byte]++, total++;
    printf("%ld bytes, %d lines, %d e\n", total, letters['\n'], letters['e']);
    for (int i = 0; i < 3; i++) fprintf(i & 1 ? stderr : stdout, "line %d\n", i), fflush(stdout);
    return argc > 5 ? 300 : 42;
}
