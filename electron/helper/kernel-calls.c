/* What a tree of files cannot stand in for: the tests link calls of their own instead (test/helper/c/fake-kernel.c). */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "snapshot.h"

/* In tracefs a directory under instances/ is a trace buffer of its own: making it and removing it is all the kernel
 * asks for (Documentation/trace/ftrace.rst, "Instances"). */
int kernel_make_instance(int instances, const char *name) {
    return mkdirat(instances, name, 0700);
}

int kernel_remove_instance(int instances, const char *name) {
    return unlinkat(instances, name, AT_REMOVEDIR);
}

static uint64_t join(uint32_t major, uint32_t minor) {
    return (uint64_t)major << 32 | minor;
}

/* A file that somebody has open may lie on a filesystem whose daemon or server never answers: only what the kernel
 * knows already is asked for. FUSE tells others than its owner nothing but the filesystem, and that only to who asks
 * for nothing (fuse_getattr in fs/fuse/dir.c). */
bool kernel_look_at_file(int directory, const char *name, struct file_facts *facts) {
    const int flags = AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
    struct statx seen;
    bool known = statx(directory, name, flags, STATX_TYPE | STATX_INO | STATX_MNT_ID, &seen) == 0;
    if (!known && (errno != EACCES || statx(directory, name, flags, 0, &seen) != 0)) return false;
    *facts = (struct file_facts){
        .mode = known ? seen.stx_mode : 0,
        .filesystem = join(seen.stx_dev_major, seen.stx_dev_minor),
        .inode = known ? seen.stx_ino : 0,
        .device = known ? join(seen.stx_rdev_major, seen.stx_rdev_minor) : 0,
        .mount = known && (seen.stx_mask & STATX_MNT_ID) != 0 ? seen.stx_mnt_id : 0,
    };
    return true;
}

int kernel_compare_files(pid_t left, pid_t right, unsigned left_fd, unsigned right_fd) {
    return (int)syscall(SYS_kcmp, left, right, KCMP_FILE, (unsigned long)left_fd, (unsigned long)right_fd);
}

int kernel_compare_tables(pid_t left, pid_t right) {
    return (int)syscall(SYS_kcmp, left, right, KCMP_FILES, 0UL, 0UL);
}

/* What a descriptor leads to changes as its process likes, and an attribute would be asked of whatever it is then, daemons
 * too: so it is held, which opens nothing, and known before it is asked. */
static int hold(int directory, const char *name) {
    return openat(directory, name, O_PATH | O_CLOEXEC);
}

/* sockfs_xattr_get in net/socket.c gives the name of the socket's `struct proto`. Only a socket is called so. */
bool kernel_name_protocol(int directory, const char *name, char *protocol, size_t capacity) {
    int file = hold(directory, name);
    char path[32], link[16] = "";
    ssize_t length = -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (file >= 0 && readlink(path, link, sizeof link - 1) > 0 && strncmp(link, "socket:[", 8) == 0) {
        length = getxattr(path, "system.sockprotoname", protocol, capacity - 1);
    }
    if (file >= 0) close(file);
    protocol[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

bool kernel_name_filesystem(int directory, const char *name, uint64_t filesystem, unsigned long *magic) {
    int file = hold(directory, name);
    if (file < 0) return false;
    struct statx seen;
    struct statfs facts;
    bool is_it = statx(file, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &seen) == 0 &&
                 join(seen.stx_dev_major, seen.stx_dev_minor) == filesystem;
    bool known = is_it && fstatfs(file, &facts) == 0;
    if (known) *magic = (unsigned long)facts.f_type;
    close(file);
    return known;
}

/* A socket stays in the network namespace that it was made in, whoever reads it later. */
bool kernel_enter_network(int root, const char *path, uint64_t number) {
    static int own = -1;
    if (own < 0) own = openat(root, "proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (path == NULL) return setns(own, CLONE_NEWNET) == 0;
    int network = own < 0 ? -1 : openat(root, path, O_RDONLY | O_CLOEXEC);
    if (network < 0) return false;
    /* What is open stays what it is, wherever the process goes, and its number with it. */
    struct stat facts;
    bool entered = false;
    errno = ESRCH;
    if (fstat(network, &facts) == 0 && facts.st_ino == number) entered = setns(network, CLONE_NEWNET) == 0;
    int error = errno;
    close(network);
    errno = error;
    return entered;
}

/* Whoever administers a container may write into sockets of its network: into a connected one nobody but its peer, the
 * kernel (netlink_getsockbyportid in net/netlink/af_netlink.c). */
int kernel_open_netlink(int protocol) {
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (netlink < 0 || connect(netlink, (const struct sockaddr *)&kernel, sizeof kernel) == 0) return netlink;
    int error = errno;
    close(netlink);
    errno = error;
    return -1;
}

bool kernel_ask_netlink(int netlink, const void *request, size_t length) {
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    return sendto(netlink, request, length, 0, (const struct sockaddr *)&kernel, sizeof kernel) == (ssize_t)length;
}

ssize_t kernel_hear_netlink(int netlink, void *bytes, size_t capacity, int64_t until) {
    for (;;) {
        struct pollfd answer = {.fd = netlink, .events = POLLIN};
        int64_t left = (until - monotonic_ns()) / 1000000;
        /* Of a long answer there is always some: that it is there does not make it in time. */
        int ready = left <= 0 ? 0 : poll(&answer, 1, (int)left);
        if (ready == 0) errno = ETIMEDOUT;
        if (ready == 0 || (ready < 0 && errno != EINTR)) return -1;
        if (ready < 0) continue;
        struct sockaddr_nl from = {0};
        socklen_t length = sizeof from;
        ssize_t count = recvfrom(netlink, bytes, capacity, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&from, &length);
        if (count > (ssize_t)capacity) errno = EFBIG;
        if (count > (ssize_t)capacity || (count < 0 && errno != EINTR && errno != EAGAIN)) return -1;
        /* What came before the socket was connected: only the kernel has port 0. */
        if (count > 0 && from.nl_pid == 0) return count;
    }
}
