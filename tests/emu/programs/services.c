/* Asks the system for what C programs ask for, and prints the answers that are the same anywhere. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv, char **envp) {
    for (int i = 1; i < argc; i++) printf("%d %s\n", i, argv[i]);
    printf("%s\n", getenv("GREETING") ? getenv("GREETING") : "none");
    char *pages = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 'p', 3 * 4096);
    printf("%d\n", munmap(pages + 4096, 4096));
    char *again = mmap(pages + 4096, 4096, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    printf("%d %d %c %c\n", again == pages + 4096, again[7], pages[4095], pages[8192]);
    printf("%d\n", mprotect(pages, 4096, PROT_READ));
    pages = mremap(pages + 8192, 4096, 1 << 20, MREMAP_MAYMOVE);
    printf("%c %d\n", pages[4095], pages[4096]);
    memset(pages, 'q', 1 << 20);
    printf("%d %d %c\n", madvise(pages + 8192, 4096, MADV_DONTNEED), pages[8192], pages[8191]);
    char *end = sbrk(1 << 16);
    memset(end, 'r', 1 << 16);
    sbrk(-(1 << 16));
    printf("%d %d\n", sbrk(1 << 16) == end, end[1 << 15]);
    uint32_t *code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int value = 1; value < 4; value++) {
        mprotect(code, 4096, PROT_READ | PROT_WRITE);
        code[0] = 0x00000513 | value << 20; /* li a0, value */
        code[1] = 0x00008067;               /* ret */
        mprotect(code, 4096, PROT_READ | PROT_EXEC);
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        printf("%d ", ((int (*)(void))code)());
    }
    char *blocks[300];
    for (int i = 0; i < 300; i++) memset(blocks[i] = malloc(i * 1000 + 1), i, i * 1000 + 1);
    unsigned long sum = 0;
    for (int i = 0; i < 300; i += 2) free(blocks[i]);
    for (int i = 1; i < 300; i += 2) sum += (unsigned char)blocks[i][i * 1000];
    printf("%lu\n", sum);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    usleep(2000);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%d\n", (after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec > 1000000);
    printf("%d\n", time(0) > 1700000000);
    char bytes[16] = {0};
    printf("%zd\n", getrandom(bytes, 16, 0));
    struct utsname names;
    uname(&names);
    printf("%s %s\n", names.sysname, names.machine);
    struct stat status;
    printf("%d %d\n", fstat(0, &status), isatty(0));
    printf("%d %s\n", open("/etc/no/such/file", O_RDONLY), strerror(errno));
    printf("%ld %s\n", syscall(4000), strerror(errno));
    fflush(stdout);
    struct iovec parts[] = {{"one ", 4}, {"two\n", 4}};
    writev(1, parts, 2);
    struct iovec into[] = {{bytes, 3}, {bytes + 3, 4}};
    printf("%zd %.5s\n", readv(0, into, 2), bytes);
    fflush(stdout);
    abort();
}
