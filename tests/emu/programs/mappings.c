// A wide reservation, thousands of mappings in an order of their own, and what faults end with.
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MANY 1500
enum { PAGE = 4096, READ_WRITE = PROT_READ | PROT_WRITE, PLAIN = MAP_PRIVATE | MAP_ANONYMOUS };
static char *blocks[MANY];
static size_t sizes[MANY];

static uint64_t state = 1;
static unsigned draw(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
}

__attribute__((noinline)) void end_so(const char *how) {
    switch (how[0]) {
    case 'i': __asm__ volatile(".word 0xffffffff");
    case 'c': __asm__ volatile(".option push\n.option arch, +c\n.half 0\n.option pop");
    case 'b': __asm__ volatile("ebreak");
    case 'p': __asm__ volatile("csrr a0, mstatus" ::: "a0");
    case 'm': __asm__ volatile("lr.w a0, (%0)" ::"r"(how + !((uintptr_t)how & 1)) : "a0");
    case 'r': printf("%d\n", *(volatile int *)8);
    case 'w': *(volatile char *)end_so = 0;
    case 'x': ((void (*)(void))(blocks[0] = mmap(0, PAGE, READ_WRITE, PLAIN, -1, 0)))();
    }
}

int main(int argc, char **argv) {
    if (argc > 1) {
        end_so(argv[1]);
        return 1;
    }
    size_t huge = (size_t)1 << 40;
    char *wide = mmap(0, huge, READ_WRITE, PLAIN | MAP_NORESERVE, -1, 0);
    printf("%d\n", wide != MAP_FAILED);
    wide[huge - 1] = 3, wide[huge / 2] = 4;
    printf("%d\n", wide[huge - 1] + wide[huge / 2] + wide[77]);
    printf("%d\n", munmap(wide + PAGE, huge - 2 * PAGE));
    printf("%d\n", wide[0] + wide[huge - 1]);
    uint64_t sum = 0;
    for (int round = 0; round < 3 * MANY; round++) {
        int i = draw(MANY);
        if (blocks[i]) {
            sum = sum * 31 + blocks[i][i % sizes[i]] + blocks[i][sizes[i] - 1];
            size_t keep = draw(2) ? 0 : sizes[i] / 2 & -PAGE;
            munmap(blocks[i] + keep, sizes[i] - keep);
            sizes[i] = keep;
            if (!keep)
                blocks[i] = 0;
        } else {
            sizes[i] = PAGE * (1 + draw(9));
            blocks[i] = mmap(0, sizes[i], READ_WRITE, PLAIN, -1, 0);
            for (size_t at = 0; at < sizes[i]; at += PAGE)
                sum += blocks[i][at];
            memset(blocks[i], i, sizes[i]);
            if (draw(4) == 0)
                mprotect(blocks[i], PAGE, PROT_READ);
        }
    }
    printf("%llu\n", (unsigned long long)sum);
}
