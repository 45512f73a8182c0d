/* The helper's own calls to the kernel, where they are tried: says what came of each, in a line. */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "snapshot.h"

/* Of an answer without end there is always another part when time is up. */
static const char *hear_too_late(void) {
    int ends[2];
    char part[64] = "";
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0 || send(ends[1], part, sizeof part, 0) < 0) return "no socket";
    ssize_t heard = kernel_hear_netlink(ends[0], part, sizeof part, monotonic_ns() - 1);
    return heard >= 0 ? "heard" : errno == ETIMEDOUT ? "too late" : strerror(errno);
}

/* NETLINK_USERSOCK lets everybody write to everybody, as every family lets the administrator of a container. */
static const char *hear_stranger(void) {
    const struct nlmsghdr word = {.nlmsg_len = sizeof word, .nlmsg_type = NLMSG_DONE};
    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    socklen_t length = sizeof address;
    int own = kernel_open_netlink(NETLINK_USERSOCK), stranger = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
    if (own < 0 || stranger < 0) return "no socket";
    kernel_ask_netlink(own, &word, sizeof word); /* no kernel listens there, but now it has a port */
    if (getsockname(own, (struct sockaddr *)&address, &length) != 0 || address.nl_pid == 0) return "no port";
    ssize_t sent = sendto(stranger, &word, sizeof word, MSG_DONTWAIT, (const struct sockaddr *)&address, sizeof address);
    return sent >= 0 ? "written" : errno == ECONNREFUSED ? "refused" : strerror(errno);
}

/* A process may go to another network while it is looked for: what is entered is what was meant, or nothing. */
static const char *enter_other(void) {
    struct stat facts;
    int root = open("/", O_RDONLY | O_DIRECTORY);
    if (root < 0 || stat("/proc/self/ns/net", &facts) != 0) return "no network";
    if (kernel_enter_network(root, "proc/self/ns/net", facts.st_ino + 1)) return "entered another";
    if (errno != ESRCH) return strerror(errno);
    /* Our own may be entered by whoever has the rights. */
    bool entered = kernel_enter_network(root, "proc/self/ns/net", facts.st_ino);
    return entered || errno == EPERM ? "only that" : strerror(errno);
}

/* A descriptor may be another file by the time that it is asked about. */
static const char *name_other(void) {
    unsigned long magic;
    struct stat facts;
    if (stat("/proc/self/exe", &facts) != 0) return "no file";
    uint64_t filesystem = (uint64_t)major(facts.st_dev) << 32 | minor(facts.st_dev);
    if (kernel_name_filesystem(AT_FDCWD, "/proc/self/exe", filesystem + 1, &magic)) return "named another";
    return kernel_name_filesystem(AT_FDCWD, "/proc/self/exe", filesystem, &magic) ? "only that" : strerror(errno);
}

/* A file is not even asked for what only a socket has; `system.` attributes of FUSE are its daemon's to answer. */
static const char *name_protocol(void) {
    char link[32], protocol[64];
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY), file = open("/proc/self/exe", O_RDONLY);
    int tcp = socket(AF_INET, SOCK_STREAM, 0);
    if (folder < 0 || file < 0 || tcp < 0) return "no files";
    snprintf(link, sizeof link, "%d", file);
    if (kernel_name_protocol(folder, link, protocol, sizeof protocol)) return "a file has one";
    snprintf(link, sizeof link, "%d", tcp);
    bool named = kernel_name_protocol(folder, link, protocol, sizeof protocol);
    return named && strcmp(protocol, "TCP") == 0 ? "TCP" : "another";
}

int main(void) {
    printf("%s\n%s\n%s\n", hear_too_late(), hear_stranger(), enter_other());
    printf("%s\n%s\n", name_other(), name_protocol());
    return 0;
}
