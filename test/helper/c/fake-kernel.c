/* A kernel made of files: an instance is a copy of the tree's template, and what was written into it is kept in the
 * tree's audit folder when it is removed. Stands in for kernel-calls.c of the helper. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "snapshot.h"

static int run_there(int directory, const char *script, const char *name) {
    pid_t pid = fork();
    if (pid == 0) {
        if (fchdir(directory) != 0) _exit(1);
        execl("/bin/sh", "sh", "-c", script, "fake-kernel", name, (char *)NULL);
        _exit(1);
    }
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        errno = EIO;
        return -1;
    }
    return 0;
}

int kernel_make_instance(int instances, const char *name) {
    if (faccessat(instances, name, F_OK, 0) == 0) {
        errno = EEXIST;
        return -1;
    }
    return run_there(instances, "cp -a ../template \"$1\"", name);
}

int kernel_remove_instance(int instances, const char *name) {
    char busy[64];
    snprintf(busy, sizeof busy, "%s/busy", name);
    if (faccessat(instances, busy, F_OK, 0) == 0) {
        errno = EBUSY;
        return -1;
    }
    /* In one step, and ENOENT where its own helper was quicker with it: as the kernel does. */
    char kept[96];
    snprintf(kept, sizeof kept, "../audit/%s", name);
    return renameat(instances, name, instances, kept);
}

/* What a process is whose daemon has taken the question and does not answer it: no signal ends it, or its parent does not
 * hear of it. Here somebody traces it, as long as the helper is there. */
static void hang_for_good(void) {
    int ready[2];
    pid_t held = getpid();
    if (pipe(ready) != 0) return;
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    int helper = (int)syscall(SYS_pidfd_open, getppid(), 0);
    if (fork() == 0) {
        for (int fd = 0; fd <= STDERR_FILENO; fd++) close(fd);
        ptrace(PTRACE_SEIZE, held, NULL, NULL);
        close(ready[1]);
        struct pollfd end = {.fd = helper, .events = POLLIN};
        poll(&end, 1, 60 * 1000);
        _exit(0);
    }
    close(ready[1]);
    char byte;
    ssize_t count = read(ready[0], &byte, 1);
    (void)count;
    pause();
}

/* What the kernel would say of a file that is only a link here stands beside it: `fd/7.look` for `fd/7`, with mode in
 * octal, filesystem, inode, device and mount: `20666 0:5 107 226:0 23`. `hang` stands for one that never answers,
 * `forbidden` for one that may not be looked at. */
static bool read_beside(int directory, const char *name, const char *what, char *text, size_t capacity) {
    char path[128];
    snprintf(path, sizeof path, "%s.%s", name, what);
    return read_text(directory, path, text, capacity) >= 0;
}

bool kernel_look_at_file(int directory, const char *name, struct file_facts *facts) {
    char text[128];
    unsigned first[2], second[2];
    unsigned long long inode, mount = 0;
    if (!read_beside(directory, name, "look", text, sizeof text)) return false;
    if (strncmp(text, "hang for good", 13) == 0) hang_for_good();
    if (strncmp(text, "hang", 4) == 0) pause();
    if (strncmp(text, "forbidden", 9) == 0) {
        errno = EPERM;
        return false;
    }
    *facts = (struct file_facts){0};
    if (sscanf(text, "%o %u:%u %llu %u:%u %llu", &facts->mode, &first[0], &first[1], &inode, &second[0], &second[1],
               &mount) < 6) {
        return false;
    }
    facts->filesystem = (uint64_t)first[0] << 32 | first[1];
    facts->inode = inode;
    facts->device = (uint64_t)second[0] << 32 | second[1];
    facts->mount = mount;
    return true;
}

/* `fd/7.open` holds the number of the open file; without one, files cannot be compared. */
static long open_file(pid_t pid, unsigned fd) {
    char path[256], name[64], text[32];
    const char *root = getenv("FAKE_SYSTEM");
    snprintf(name, sizeof name, "proc/%d/fd/%u.open", (int)pid, fd);
    snprintf(path, sizeof path, "%s/%s", root == NULL ? "" : root, name);
    return read_text(AT_FDCWD, path, text, sizeof text) < 0 ? -1 : atol(text);
}

int kernel_compare_files(pid_t left, pid_t right, unsigned left_fd, unsigned right_fd) {
    long a = open_file(left, left_fd), b = open_file(right, right_fd);
    return a < 0 || b < 0 ? -1 : a == b ? 0 : a < b ? 1 : 2;
}

/* A thread that has descriptors of its own has them beside its process's: `proc/100/task/105/fd`. */
int kernel_compare_tables(pid_t left, pid_t right) {
    char path[256];
    const char *root = getenv("FAKE_SYSTEM");
    if (left == right) return 0;
    snprintf(path, sizeof path, "%s/proc/%d/task/%d/fd", root == NULL ? "" : root, (int)right, (int)left);
    int own = open(path, O_PATH | O_CLOEXEC);
    if (own < 0) return 0;
    close(own);
    return 1;
}

bool kernel_name_protocol(int directory, const char *name, char *protocol, size_t capacity) {
    return read_beside(directory, name, "protocol", protocol, capacity);
}

/* A file that says `hang` stands for a server that never answers; `hang for good` for one that also keeps who asks. */
bool kernel_name_filesystem(int directory, const char *name, uint64_t filesystem, unsigned long *magic) {
    (void)filesystem;
    char text[32];
    if (!read_beside(directory, name, "magic", text, sizeof text)) return false;
    if (strncmp(text, "hang for good", 13) == 0) hang_for_good();
    if (strncmp(text, "hang", 4) == 0) pause();
    *magic = strtoul(text, NULL, 16);
    return true;
}

/* `netlink/TYPE`, beside a process's `ns` or at the root for our own namespace, is all that is answered to a request of
 * that type, with its end; a type without a file has nothing to tell. What cannot be entered has `ns/closed`, and our own
 * such a file at the root. */
enum { SOCKETS = 1024, DATAGRAM = 8192 };

static char entered[64];
static struct {
    unsigned type;
    long told;
} asked[SOCKETS];

bool kernel_enter_network(int root, const char *path, uint64_t number) {
    char closed[96], link[64] = "";
    unsigned long long there = 0;
    entered[0] = '\0';
    if (path == NULL) return faccessat(root, "ns/closed", F_OK, 0) != 0;
    errno = ESRCH;
    if (readlinkat(root, path, link, sizeof link - 1) < 0 || sscanf(link, "net:[%llu", &there) != 1) return false;
    if (there != number) return false;
    snprintf(entered, sizeof entered, "%.*s", (int)(strlen(path) - strlen("ns/net")), path);
    snprintf(closed, sizeof closed, "%sns/closed", entered);
    errno = EPERM;
    return faccessat(root, closed, F_OK, 0) != 0;
}

int kernel_open_netlink(int protocol) {
    char path[512];
    const char *root = getenv("FAKE_SYSTEM");
    snprintf(path, sizeof path, "%s/%snetlink/%d", root == NULL ? "" : root, entered, protocol);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool kernel_ask_netlink(int socket, const void *request, size_t length) {
    uint16_t type;
    uint32_t told;
    if (socket < 0 || socket >= SOCKETS || length < 16) abort();
    memcpy(&told, request, sizeof told);
    if (told != length) abort(); /* nlmsg_len */
    memcpy(&type, (const char *)request + 4, sizeof type);
    asked[socket].type = type;
    asked[socket].told = 0;
    return true;
}

ssize_t kernel_hear_netlink(int socket, void *bytes, size_t capacity, int64_t until) {
    static const unsigned char done[16] = {16, 0, 0, 0, 3};
    char name[16];
    snprintf(name, sizeof name, "%u", asked[socket].type);
    int file = openat(socket, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        memcpy(bytes, done, sizeof done);
        return sizeof done;
    }
    ssize_t count = pread(file, bytes, capacity < DATAGRAM ? capacity : DATAGRAM, asked[socket].told);
    close(file);
    /* The kernel ends datagrams with messages. */
    size_t whole = 0;
    for (uint32_t length; count - (ssize_t)whole >= 16; whole += (length + 3) & ~3u) {
        memcpy(&length, (char *)bytes + whole, sizeof length);
        if (length < 16 || (ssize_t)(((length + 3) & ~3u) + whole) > count) break;
    }
    if (whole > 0) count = (ssize_t)whole;
    if (count > 0) asked[socket].told += count;
    if (count == 0) errno = ETIMEDOUT;
    return count == 0 || monotonic_ns() > until ? -1 : count;
}
