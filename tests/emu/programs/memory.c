/* Memory in all its uses: the heap, large blocks, the stack, mappings, jumps out of functions. */
#define _GNU_SOURCE
#include <alloca.h>
#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static uint64_t random_state = 42;

static uint32_t random_word(void) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 33;
}

static void churn(void) {
    enum { SLOTS = 200, ROUNDS = 6000 };
    static struct { unsigned char *data; size_t size; } slots[SLOTS];
    int wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int i = random_word() % SLOTS;
        size_t size = 1 + random_word() % (round % 50 ? 900 : 300000);
        size_t step = 1 + slots[i].size / 7;
        for (size_t k = 0; k < slots[i].size; k += step) wrong += slots[i].data[k] != (i & 255);
        switch (random_word() % 3) {
        case 0:
            free(slots[i].data);
            slots[i].data = 0, slots[i].size = 0;
            break;
        case 1:
            slots[i].data = realloc(slots[i].data, size);
            memset(slots[i].data, i, slots[i].size = size);
            break;
        default:
            free(slots[i].data);
            slots[i].data = round & 1 ? calloc(1, size) : aligned_alloc(64, size + 63 & ~63ul);
            if (round & 1)
                for (size_t k = 0; k < size; k += 61) wrong += slots[i].data[k];
            memset(slots[i].data, i, slots[i].size = size);
        }
    }
    for (int i = 0; i < SLOTS; i++) free(slots[i].data);
    printf("%d wrong\n", wrong);
}

static void large(void) {
    size_t size = 5 << 20;
    char *a = malloc(size), *b = malloc(size);
    for (size_t i = 0; i < size; i += 8) memcpy(a + i, &(uint64_t){i * 2654435761u}, 8);
    memset(b, 1, size);
    memcpy(b + 3, a + 1, size - 7);
    memmove(b + 1000, b + 3, size - 5000);
    memmove(b + 5, b + 777, size - 5000);
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i += 4096) sum = sum * 31 + (unsigned char)b[i + i / 4096 % 4000];
    printf("%llx %d\n", (unsigned long long)sum, memcmp(a, b, size) != 0);
    a = realloc(a, 4 * size);
    printf("%x\n", (unsigned char)a[size - 8]);
    free(a);
    free(b);
    printf("%d\n", malloc(PTRDIFF_MAX) == 0 && errno == ENOMEM);
}

static int depth(int n, char *before) {
    volatile char room[200];
    memset((char *)room, n, sizeof room);
    if (n == 0) return before != 0;
    return depth(n - 1, (char *)room) + (room[7] == (char)n);
}

static void mappings(void) {
    size_t page = sysconf(_SC_PAGESIZE);
    char *space = mmap(0, 64 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (int i = 0; i < 64; i += 3) {
        mprotect(space + i * page, page, PROT_READ | PROT_WRITE);
        memset(space + i * page, i, page);
    }
    int sum = 0;
    for (int i = 0; i < 64; i += 3) sum += space[i * page + page - 1];
    printf("%d %d\n", sum, munmap(space + 3 * page, 10 * page));
    char *again = mmap(space + 3 * page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("%d %d\n", again == space + 3 * page, again[0]);
    char *shared = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    strcpy(shared, "shared");
    char *grown = mremap(shared, page, 3 * page, MREMAP_MAYMOVE);
    printf("%s\n", grown == MAP_FAILED ? "no" : grown);
    printf("%d %d\n", mmap(0, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED, errno);
    printf("%d %d\n", mmap(0, page, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED, errno);
    printf("%d %d\n", munmap((void *)1, page), errno);
    printf("%d %d\n", mprotect((void *)(page * 2), page, PROT_READ), errno);
    printf("%d %d\n", mlock(space, page), madvise(space, page, MADV_WILLNEED));
    unsigned char there[2] = {9, 9};
    printf("%d %d\n", mincore(space, page, there), msync(space, page, MS_SYNC));
    struct rlimit limit;
    printf("%d %d\n", getrlimit(RLIMIT_STACK, &limit), limit.rlim_cur >= 8 << 20);
}

static jmp_buf place;

static void leave(int n) {
    volatile double kept = n * 1.5;
    if (n == 0) longjmp(place, 17);
    leave(n - 1);
    printf("%f\n", kept);
}

static void first(void) { puts("registered first"); }
static void last(void) { fputs("registered last\n", stderr); }
static void flush(void) { puts("and flushed"), fflush(stdout); }

__attribute__((constructor)) static void before(void) { puts("constructor"); }
__attribute__((destructor)) static void after(void) { puts("destructor"); }

static __thread int own = 5;

int main(void) {
    atexit(first);
    atexit(last);
    atexit(flush);
    churn();
    large();
    printf("%d\n", depth(20000, 0));
    mappings();
    int from = setjmp(place);
    printf("from %d, %d\n", from, ++own);
    if (!from) leave(10);
    char *words = alloca(100000);
    memset(words, 'w', 100000);
    printf("%c %d\n", words[99999], malloc_usable_size(malloc(100)) >= 100);
    return 3;
}
