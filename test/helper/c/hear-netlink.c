/* The helper's own calls to netlink, where they are tried: says what came of each, in a line. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
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

int main(void) {
    printf("%s\n%s\n", hear_too_late(), hear_stranger());
    return 0;
}
