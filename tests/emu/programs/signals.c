/* Handlers: for what the process sends itself and for its faults, on both stacks. */
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t came;
static volatile int depth;
static sigjmp_buf place;
static char *page;

static void count(int number) { came = came * 100 + number; }

static void nested(int number) {
    depth++;
    if (depth < 3) raise(number);
    came++;
}

static void detailed(int number, siginfo_t *info, void *context) {
    ucontext_t *frame = context;
    printf("signal %d code %d address %s %d\n", number, info->si_code,
        info->si_addr == page ? "page" : "other",
           frame->uc_mcontext.__gregs[REG_PC] != 0);
    siglongjmp(place, number);
}

static void open_page(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    volatile double spoilt[4] = {1, 2, 3, 4};
    for (int i = 0; i < 4; i++) spoilt[i] = spoilt[i] / 3; /* raises inexact */
    mprotect((void *)((uintptr_t)info->si_addr & -4096ul), 4096, PROT_READ | PROT_WRITE);
    came++;
}

static void skip(int number, siginfo_t *info, void *context) {
    (void)number, (void)info;
    ((ucontext_t *)context)->uc_mcontext.__gregs[REG_PC] += 4;
    ((ucontext_t *)context)->uc_mcontext.__gregs[REG_A0] = 77;
    came++;
}

static void on_other_stack(int number, siginfo_t *info, void *context) {
    (void)info;
    char here;
    ucontext_t *frame = context;
    char *base = frame->uc_stack.ss_sp;
    printf("%d on the other stack: %d\n", number, &here > base && &here < base + frame->uc_stack.ss_size);
    siglongjmp(place, number);
}

static void catch(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    sigaction(number, &action, 0);
}

__attribute__((noinline)) static int overflow(int n) {
    volatile char room[4096];
    room[n & 4095] = n;
    return overflow(n + 1) + room[5];
}

__attribute__((noinline)) static long illegal(void) {
    register long a0 asm("a0") = 5;
    asm volatile(".word 0" : "+r"(a0));
    return a0;
}

__attribute__((noinline)) static void add(double *to, const double *a, const double *b, int n) {
    for (int i = 0; i < n; i++) to[i] += a[i] * b[i];
}

static void last_words(void) { puts("not reached by a signal"); }

static void dying(int number) {
    char text[] = "caught 0\n";
    text[7] += number;
    if (write(1, text, 9) != 9) _exit(1);
}

int main(int argc, char **argv) {
    setvbuf(stdout, 0, _IOLBF, 0);
    atexit(last_words);
    signal(SIGUSR1, count);
    printf("%d", raise(SIGUSR1));
    printf(" %d\n", came);
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, 0);
    came = 0;
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigpending(&set);
    printf("%d %d %d\n", came, sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2));
    sigprocmask(SIG_UNBLOCK, &set, &old);
    printf("%d %d\n", came, sigismember(&old, SIGUSR1));
    struct sigaction action = {.sa_handler = nested, .sa_flags = SA_NODEFER};
    came = 0;
    sigaction(SIGUSR2, &action, 0);
    raise(SIGUSR2);
    printf("%d %d\n", came, depth);
    action.sa_flags = SA_RESETHAND;
    action.sa_handler = count;
    sigaction(SIGHUP, &action, 0);
    raise(SIGHUP);
    sigaction(SIGHUP, 0, &action);
    printf("%d %d\n", came, action.sa_handler == SIG_DFL);
    signal(SIGTERM, SIG_IGN);
    raise(SIGTERM);
    raise(SIGCHLD);
    printf("%d %d\n", kill(getpid(), 0), sigaction(SIGKILL, &action, 0));
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, 0);
    raise(SIGUSR1);
    siginfo_t info;
    int waited = sigwaitinfo(&set, &info);
    printf("%d %d\n", waited, info.si_code);
    raise(SIGUSR1);
    came = 0;
    sigset_t none;
    sigemptyset(&none);
    int suspended = sigsuspend(&none);
    printf("%d %d %d\n", suspended, errno == EINTR, came);
    sigprocmask(SIG_UNBLOCK, &set, 0);

    catch(SIGSEGV, detailed, 0);
    page = mmap(0, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!sigsetjmp(place, 1)) *page = 1;
    if (!sigsetjmp(place, 1)) printf("%d", *(volatile int *)(uintptr_t)(argc * 8));
    munmap(page + 4096, 4096);
    if (!sigsetjmp(place, 1)) memset((char *)(uintptr_t)(argc * 16), 0, 3);
    if (!sigsetjmp(place, 1)) ((void (*)(void))(uintptr_t)(argc * 4))();

    catch(SIGSEGV, open_page, 0);
    came = 0;
    feclearexcept(FE_ALL_EXCEPT);
    for (int i = 0; i < 1000; i++) page[i] += i;
    printf("%d %d inexact %d\n", came, page[999], fetestexcept(FE_INEXACT) != 0);
    double *to = mmap(0, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), a[1200], b[1200], sum = 0;
    for (int i = 0; i < 1200; i++) a[i] = i, b[i] = 1 / (i + 1.0);
    mprotect(to, 3 * 4096, PROT_READ | PROT_WRITE);
    for (int i = 0; i < 1536; i++) to[i] = i;
    mprotect(to, 3 * 4096, PROT_READ);
    to[700] += 1;
    mprotect(to, 3 * 4096, PROT_NONE);
    add(to + 100, a, b, 1200);
    for (int i = 0; i < 1536; i++) sum += to[i];
    printf("%d %.17g\n", came, sum);

    catch(SIGILL, skip, 0);
    came = 0;
    printf("%ld", illegal());
    printf(" %d\n", came);
    static char stack[65536];
    stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
    printf("%d\n", sigaltstack(&other, 0));
    catch(SIGSEGV, on_other_stack, SA_ONSTACK);
    if (!sigsetjmp(place, 1)) printf("%d\n", overflow(0));
    stack_t now;
    sigaltstack(0, &now);
    printf("%d %d\n", now.ss_sp == stack, now.ss_flags);
    catch(SIGUSR1, on_other_stack, SA_ONSTACK);
    if (!sigsetjmp(place, 1)) raise(SIGUSR1);

    signal(SIGABRT, dying);
    signal(SIGSEGV, SIG_DFL);
    int way = argc > 1 ? atoi(argv[1]) : 0;
    if (way == 0) abort();
    if (way == 1) raise(SIGTERM), signal(SIGTERM, SIG_DFL), raise(SIGTERM);
    if (way == 2) kill(getpid(), SIGSEGV);
    if (way == 3) {
        int ends[2];
        if (pipe(ends)) return 9;
        close(ends[0]);
        signal(SIGPIPE, SIG_IGN);
        printf("%zd %d\n", write(ends[1], "x", 1), errno == EPIPE);
        signal(SIGPIPE, SIG_DFL);
        write(ends[1], "x", 1);
    }
    return 0;
}
