/* Files below the current folder: everything that programs do with them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#define SHOW(call) (errno = 0, show(#call, (long)(call)))

static void show(const char *call, long result) {
    printf("%-60s %ld %s\n", call, result, errno ? strerrorname_np(errno) : "");
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) {
        printf("%s: %s\n", path, strerrorname_np(errno));
        return;
    }
    char *names[100];
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) && count < 100;) {
        names[count] = malloc(300);
        sprintf(names[count++], "%s:%d", entry->d_name, entry->d_type);
    }
    rewinddir(folder);
    int again = 0;
    while (readdir(folder)) again++;
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    printf("%s (%d %d):", path, count, again);
    for (int i = 0; i < count; free(names[i++])) printf(" %s", names[i]);
    puts("");
}

static void show_status(const char *path) {
    struct stat status;
    struct statx more;
    if (lstat(path, &status)) {
        printf("%s: %s\n", path, strerrorname_np(errno));
        return;
    }
    int same = !statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &more) &&
        more.stx_ino == status.st_ino &&
               more.stx_size == (uint64_t)status.st_size && more.stx_mode == status.st_mode &&
               more.stx_mtime.tv_nsec == status.st_mtim.tv_nsec && more.stx_mtime.tv_sec == status.st_mtime &&
               more.stx_nlink == status.st_nlink && more.stx_blocks == (uint64_t)status.st_blocks &&
                   more.stx_uid == status.st_uid;
    printf("%s: %o links %d size %ld mine %d same %d\n", path, status.st_mode,
        S_ISDIR(status.st_mode) ? 0 : (int)status.st_nlink,
           S_ISDIR(status.st_mode) ? 0L : status.st_size, status.st_uid == geteuid(), same);
}

static void buffered(void) {
    FILE *file = fopen("text", "w+");
    for (int i = 0; i < 1000; i++) fprintf(file, "line %d\n", i);
    SHOW(ftell(file));
    fseek(file, -9, SEEK_END);
    char line[100];
    printf("%s", fgets(line, sizeof line, file));
    rewind(file);
    long sum = 0;
    for (int n; fscanf(file, "line %d\n", &n) == 1;) sum += n;
    printf("%ld %d\n", sum, feof(file) != 0);
    SHOW(fclose(file));
    file = fopen("text", "a");
    fputs("appended\n", file);
    fclose(file);
    file = fopen("text", "r");
    size_t size = 0, lines = 0;
    char *text = 0;
    while (getline(&text, &size, file) > 0) lines++;
    printf("%zu lines, last %s", lines, text);
    fclose(file);
    free(text);
    SHOW(remove("text"));
    SHOW(fopen("text", "r") != 0);
}

static void descriptors(void) {
    char bytes[64] = {0};
    int file = open("data", O_RDWR | O_CREAT | O_TRUNC, 0640);
    SHOW(file);
    SHOW(write(file, "0123456789", 10));
    SHOW(pwrite(file, "ab", 2, 3));
    SHOW(pread(file, bytes, 5, 1));
    puts(bytes);
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(lseek(file, -4, SEEK_END));
    SHOW(lseek(file, -40, SEEK_END));
    SHOW(lseek(file, 0, 9));
    int copy = dup(file);
    SHOW(copy);
    SHOW(read(copy, bytes, 3));
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(dup2(copy, 20));
    SHOW(close(copy));
    SHOW(close(copy));
    SHOW(fcntl(20, F_GETFL) & (O_ACCMODE | O_APPEND));
    SHOW(fcntl(20, F_DUPFD, 30));
    SHOW(fcntl(20, F_GETFD));
    SHOW(fcntl(20, F_SETFD, FD_CLOEXEC));
    SHOW(fcntl(20, F_GETFD));
    SHOW(fcntl(file, F_SETFL, O_APPEND));
    SHOW(lseek(file, 0, SEEK_SET));
    SHOW(write(file, "end", 3));
    SHOW(lseek(file, 0, SEEK_CUR));
    SHOW(ftruncate(file, 6));
    struct iovec parts[] = {{bytes, 2}, {bytes + 10, 0}, {bytes + 20, 30}};
    SHOW(preadv(file, parts, 3, 0));
    SHOW(pwritev(file, parts, 1, 2));
    SHOW(posix_fallocate(file, 0, 5000));
    SHOW(lseek(file, 0, SEEK_END));
    SHOW(fsync(file));
    SHOW(flock(file, LOCK_EX));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10};
    SHOW(fcntl(file, F_SETLK, &lock));
    SHOW(fcntl(file, F_GETLK, &lock));
    SHOW(lock.l_type == F_UNLCK);
    SHOW(fchmod(file, 0600));
    show_status("data");
    char *mapped = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    printf("%.6s %d\n", mapped, mapped[100]);
    mapped[0] = 'm';
    SHOW(pread(file, bytes, 1, 0));
    printf("%c\n", bytes[0]);
    SHOW(munmap(mapped, 4096));
    SHOW(isatty(file));
    SHOW(write(open("data", O_RDONLY), "x", 1));
    SHOW(read(open("data", O_WRONLY), bytes, 1));
    SHOW(read(file, (void *)8, 100));
    SHOW(write(99, "x", 1));
    SHOW(ftruncate(99, 0));
    SHOW(open("data", O_CREAT | O_EXCL, 0600));
    SHOW(open("data", O_RDONLY | O_DIRECTORY));
    SHOW(open("", O_RDONLY));
    SHOW(truncate("data", 3));
    close_range(3, 50, 0);
    SHOW(open("data", O_RDONLY));
    SHOW(close(3));
}

static void names(void) {
    char path[PATH_MAX];
    SHOW(mkdir("folder", 0755));
    SHOW(mkdir("folder", 0755));
    SHOW(mkdir("folder/inner/", 0700));
    SHOW(mkdir("none/inner", 0700));
    SHOW(mkdir("data/inner", 0700));
    SHOW(symlink("../data", "folder/link"));
    SHOW(symlink("loop", "loop"));
    SHOW(symlink("missing", "dangling"));
    SHOW(link("data", "folder/second"));
    SHOW(open("loop", O_RDONLY));
    SHOW(open("dangling", O_RDONLY));
    SHOW(open("folder/link", O_RDONLY | O_NOFOLLOW));
    SHOW(open("folder", O_WRONLY));
    SHOW(open("data/", O_RDONLY));
    SHOW(open("data/x", O_RDONLY));
    SHOW(access("folder/link", R_OK | W_OK));
    SHOW(access("dangling", F_OK));
    SHOW(faccessat(AT_FDCWD, "dangling", F_OK, AT_SYMLINK_NOFOLLOW));
    ssize_t size = readlink("folder/link", path, sizeof path);
    printf("%zd %.*s\n", size, (int)size, path);
    SHOW(readlink("data", path, sizeof path));
    show_status("data");
    show_status("folder");
    show_status("folder/link");
    show_status("folder/../folder/./second");
    show_status("nowhere");
    list(".");
    list("folder");
    list("data");
    int folder = open("folder", O_RDONLY | O_DIRECTORY);
    struct stat status;
    SHOW(fstatat(folder, "second", &status, 0));
    SHOW(status.st_size);
    SHOW(close(openat(folder, "made", O_WRONLY | O_CREAT, 0666)));
    SHOW(renameat(folder, "made", AT_FDCWD, "moved"));
    SHOW(renameat2(AT_FDCWD, "moved", AT_FDCWD, "data", RENAME_NOREPLACE));
    SHOW(rename("moved", "folder"));
    SHOW(rename("moved", "folder/moved"));
    SHOW(rename("absent", "present"));
    struct timespec times[] = {{1000000000, 5}, {1234567890, 123456789}};
    SHOW(utimensat(folder, "moved", times, 0));
    SHOW(fstatat(folder, "moved", &status, 0));
    printf("%ld %ld\n", (long)status.st_mtime, status.st_mtim.tv_nsec);
    SHOW(read(folder, path, 10));
    SHOW(fchdir(folder));
    printf("%s\n", strrchr(getcwd(path, sizeof path), '/'));
    list(".");
    SHOW(chdir("inner"));
    SHOW(chdir("nowhere"));
    SHOW(chdir("../second"));
    SHOW(getcwd(path, 3) != 0);
    SHOW(chdir("../.."));
    SHOW(rmdir("folder"));
    SHOW(unlink("folder"));
    SHOW(rmdir("data"));
    SHOW(unlinkat(folder, "inner", AT_REMOVEDIR));
    SHOW(unlink("folder/link"));
    SHOW(unlink("folder/second"));
    SHOW(unlink("folder/second"));
    SHOW(chmod("folder/moved", 0400));
    show_status("folder/moved");
    SHOW(unlink("folder/moved"));
    SHOW(rmdir("folder"));
    SHOW(realpath("data", path) != 0);
    struct statvfs system;
    SHOW(statvfs(".", &system));
    SHOW(system.f_bsize > 0 && system.f_blocks > 0);
    mode_t before = umask(077);
    close(open("private", O_CREAT | O_WRONLY, 0666));
    show_status("private");
    SHOW(umask(before) == 077);
    char name[] = "made-XXXXXX";
    int made = mkstemp(name);
    SHOW(made >= 0 && !unlink(name) && write(made, "x", 1) == 1);
    FILE *temporary = tmpfile();
    SHOW(temporary == 0 || fclose(temporary) == 0);
}

static void pipes(void) {
    int ends[2];
    char bytes[20];
    SHOW(pipe(ends));
    SHOW(write(ends[1], "through", 7));
    struct pollfd polled[] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 0}, {77, POLLIN, 0}};
    SHOW(poll(polled, 4, 0));
    printf("%d %d %d %d\n", polled[0].revents, polled[1].revents, polled[2].revents, polled[3].revents);
    SHOW(read(ends[0], bytes, 4));
    SHOW(read(ends[0], bytes, 20));
    SHOW(fcntl(ends[0], F_SETFL, O_NONBLOCK));
    SHOW(read(ends[0], bytes, 20));
    fd_set reading, writing;
    FD_ZERO(&reading);
    FD_ZERO(&writing);
    FD_SET(ends[0], &reading);
    FD_SET(ends[1], &writing);
    struct timeval none = {0, 1000};
    SHOW(select(ends[1] + 1, &reading, &writing, 0, &none));
    printf("%d %d\n", FD_ISSET(ends[0], &reading) != 0, FD_ISSET(ends[1], &writing) != 0);
    SHOW(lseek(ends[0], 0, SEEK_CUR));
    SHOW(close(ends[1]));
    SHOW(read(ends[0], bytes, 20));
    SHOW(close(ends[0]));
    struct stat status;
    SHOW(pipe2(ends, O_CLOEXEC) || fstat(ends[0], &status) || !S_ISFIFO(status.st_mode));
    SHOW(fcntl(ends[1], F_GETFD));
    SHOW(poll(0, 0, 1));
}

int main(void) {
    setvbuf(stdout, 0, _IOLBF, 0);
    buffered();
    descriptors();
    names();
    pipes();
    FILE *null = fopen("/dev/null", "w");
    SHOW(null != 0 && fputs("gone", null) >= 0 && fclose(null) == 0);
    FILE *zero = fopen("/dev/zero", "r");
    SHOW(zero != 0 ? fgetc(zero) : -1);
    SHOW(unlink("loop") | unlink("dangling") | unlink("data") | unlink("private"));
    list(".");
    dup2(1, 2);
    fputs("to the end\n", stderr);
    return 0;
}
