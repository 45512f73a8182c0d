/*
 * A process that does as it is told: one command a line on stdin, one answer a line on stdout, "ok NUMBER" or
 * "error NAME". Named with its first argument, so that it can stand in for any program:
 *
 *   open PATH            close FD              socket FAMILY TYPE PROTOCOL
 *   mount TYPE DIR OPTIONS                     umount DIR
 *   tun FD NAME          persist FD ON         (ioctls of /dev/net/tun)
 *   fork NAME            a child that keeps every open file until it is killed; its pid
 *   listen PATH          accept                (waits for a file to be passed)
 *   pass PATH FD         open-close PATH TIMES exec PROGRAM TIMES
 *   open-read PATH       open-path PATH        (O_PATH)
 *   dup FD               map FD OFFSET         (a page, shared)
 *   chdir DIR            detach DIR            (a lazy umount)
 *   unshare NAMESPACES   bind-netlink FD
 *   bind-alg FD TYPE ALGORITHM                 (AF_ALG)
 *   accept-alg FD        congestion FD NAME    (TCP_CONGESTION)
 *   mount-on DEVICE DIR TYPE [OPTIONS]
 *   bind-mounts DIR PARENT TIMES               (PARENT/0, PARENT/1 …)
 *   write PATH TEXT      become FD NAME        (another program, which inherits the file)
 *   uring FD             (registers the file in an io_uring, and closes it)
 *   perf ID              raw-tracepoint NAME   (an event of perf; a program of BPF that does nothing)
 *   discipline FD NUMBER (TIOCSETD)            encrypt FD    (a connected socket of TCP, by TLS in the kernel)
 *   connect PORT         (to a listener of its own)
 *   pty                  (the terminal of a new pseudo-terminal, whose other end stays open)
 *   joystick FD          (of /dev/uinput)      perf-kprobe FUNCTION
 *   and what puppet-machines.c lists
 */
#include "puppet.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if.h>
#include <linux/if_alg.h>
#include <linux/if_tun.h>
#include <linux/input.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/tls.h>
#include <linux/uinput.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 5 };

static int listener = -1;

static struct sockaddr_un address_of(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

static int listen_at(const char *path) {
    struct sockaddr_un address = address_of(path);
    unlink(path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    return listen(listener, 1);
}

static struct msghdr message_with(char control[CMSG_SPACE(sizeof(int))], struct iovec *data) {
    return (struct msghdr){
        .msg_iov = data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof(int))};
}

static int pass_file(const char *path, int fd) {
    struct sockaddr_un address = address_of(path);
    int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    char control[CMSG_SPACE(sizeof(int))] = {0}, byte = 'f';
    struct iovec data = {&byte, 1};
    struct msghdr message = message_with(control, &data);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    int result = sendmsg(connection, &message, 0) == 1 ? 0 : -1;
    close(connection);
    return result;
}

static int accept_file(void) {
    int connection = accept(listener, NULL, NULL), fd = -1;
    char control[CMSG_SPACE(sizeof(int))] = {0}, byte;
    struct iovec data = {&byte, 1};
    struct msghdr message = message_with(control, &data);
    if (connection < 0 || recvmsg(connection, &message, 0) != 1) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL) memcpy(&fd, CMSG_DATA(header), sizeof fd);
    close(connection);
    return fd;
}

static int fork_named(const char *name) {
    pid_t pid = fork();
    if (pid != 0) return (int)pid;
    prctl(PR_SET_NAME, name);
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO); /* so that the parent's channels close with the parent */
    dup2(nothing, STDOUT_FILENO);
    for (;;) pause();
}

static int make_tun(int fd, const char *name) {
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    return ioctl(fd, TUNSETIFF, &request);
}

static int open_and_close(const char *path, int times) {
    for (int i = 0; i < times; i++) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) return -1;
        close(fd);
    }
    return 0;
}

static int execute(char *program, int times) {
    char *arguments[] = {program, NULL}, *environment[] = {NULL};
    for (int i = 0; i < times; i++) {
        pid_t pid;
        int status;
        errno = posix_spawn(&pid, program, NULL, NULL, arguments, environment);
        if (errno != 0 || waitpid(pid, &status, 0) != pid || status != 0) return -1;
    }
    return 0;
}

static int map_page(int fd, const char *offset) {
    void *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, (off_t)strtoull(offset, NULL, 0));
    return page == MAP_FAILED ? -1 : 0;
}

static int bind_algorithm(int fd, const char *type, const char *name) {
    struct sockaddr_alg address = {.salg_family = AF_ALG};
    snprintf((char *)address.salg_type, sizeof address.salg_type, "%s", type);
    snprintf((char *)address.salg_name, sizeof address.salg_name, "%s", name);
    return bind(fd, (const struct sockaddr *)&address, sizeof address);
}

static int bind_mounts(const char *folder, const char *parent, int times) {
    char place[256];
    for (int i = 0; i < times; i++) {
        snprintf(place, sizeof place, "%s/%d", parent, i);
        if (mkdir(place, 0755) != 0 || mount(folder, place, NULL, MS_BIND, NULL) != 0) return -1;
    }
    return 0;
}

static int write_to(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t written = write(fd, text, strlen(text));
    close(fd);
    return written < 0 ? -1 : 0;
}

static int become(int fd, char *name) {
    char *arguments[] = {"puppet", name, "again", NULL};
    if (fcntl(fd, F_SETFD, 0) != 0) return -1;
    return execv("/proc/self/exe", arguments);
}

static int keep_in_ring(int fd) {
    struct io_uring_params parameters = {0};
    int ring = (int)syscall(SYS_io_uring_setup, 4, &parameters);
    if (ring < 0 || syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, &fd, 1) != 0) return -1;
    return close(fd) == 0 ? ring : -1;
}

static int bind_netlink(int fd) {
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    return bind(fd, (const struct sockaddr *)&address, sizeof address);
}

static int count_event(const char *id) {
    struct perf_event_attr event = {
        .type = PERF_TYPE_TRACEPOINT, .size = sizeof event, .config = strtoull(id, NULL, 10), .sample_period = 1};
    return (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static int bind_to_tracepoint(const char *name) {
    const struct bpf_insn program[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0}, {.code = BPF_JMP | BPF_EXIT}};
    union bpf_attr load = {.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
                           .insn_cnt = 2,
                           .insns = (unsigned long)program,
                           .license = (unsigned long)"GPL"};
    int loaded = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
    union bpf_attr link = {.raw_tracepoint = {.name = (unsigned long)name, .prog_fd = (unsigned)loaded}};
    int bound = loaded < 0 ? -1 : (int)syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &link, sizeof link);
    int error = errno;
    if (loaded >= 0) close(loaded); /* the link keeps the program */
    errno = error;
    return bound;
}

static int connect_to_self(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(waiting, (struct sockaddr *)&address, sizeof address) != 0 || listen(waiting, 1) != 0) return -1;
    return connect(connection, (struct sockaddr *)&address, sizeof address) == 0 ? connection : -1;
}

static int encrypt(int fd) {
    struct tls12_crypto_info_aes_gcm_128 key = {
        .info = {.version = TLS_1_2_VERSION, .cipher_type = TLS_CIPHER_AES_GCM_128}};
    if (setsockopt(fd, IPPROTO_TCP, TCP_ULP, "tls", sizeof "tls") != 0) return -1;
    return setsockopt(fd, SOL_TLS, TLS_TX, &key, sizeof key);
}

static int open_pty(void) {
    int other = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (other < 0 || ioctl(other, TIOCSPTLCK, &(int){0}) != 0) return -1;
    return ioctl(other, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static int make_joystick(int fd) {
    struct uinput_user_dev device = {.name = "Joystick", .id = {.bustype = BUS_USB}};
    device.absmax[ABS_X] = device.absmax[ABS_Y] = 255;
    if (ioctl(fd, UI_SET_EVBIT, EV_KEY) != 0 || ioctl(fd, UI_SET_KEYBIT, BTN_TRIGGER) != 0) return -1;
    if (ioctl(fd, UI_SET_EVBIT, EV_ABS) != 0 || ioctl(fd, UI_SET_ABSBIT, ABS_X) != 0) return -1;
    if (ioctl(fd, UI_SET_ABSBIT, ABS_Y) != 0 || write(fd, &device, sizeof device) < 0) return -1;
    return ioctl(fd, UI_DEV_CREATE);
}

static int probe_function(const char *name) {
    char type[16] = "";
    int file = open("/sys/bus/event_source/devices/kprobe/type", O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, type, sizeof type - 1) < 0) return -1;
    close(file);
    struct perf_event_attr event = {
        .type = (unsigned)atoi(type), .size = sizeof event, .kprobe_func = (unsigned long)name};
    return (int)syscall(SYS_perf_event_open, &event, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

static int obey(char *words[WORDS]) {
    const char *verb = words[0];
    int number = atoi(words[1]);
    if (strcmp(verb, "open") == 0) {
        int fd = open(words[1], O_RDWR | O_CLOEXEC);
        return fd < 0 && (errno == EACCES || errno == EROFS) ? open(words[1], O_RDONLY | O_CLOEXEC) : fd;
    }
    if (strcmp(verb, "close") == 0) return close(number);
    if (strcmp(verb, "socket") == 0) return socket(number, atoi(words[2]), atoi(words[3]));
    if (strcmp(verb, "mount") == 0) return mount("none", words[2], words[1], 0, words[3]);
    if (strcmp(verb, "umount") == 0) return umount(words[1]);
    if (strcmp(verb, "tun") == 0) return make_tun(number, words[2]);
    if (strcmp(verb, "persist") == 0) return ioctl(number, TUNSETPERSIST, (unsigned long)atoi(words[2]));
    if (strcmp(verb, "fork") == 0) return fork_named(words[1]);
    if (strcmp(verb, "listen") == 0) return listen_at(words[1]);
    if (strcmp(verb, "accept") == 0) return accept_file();
    if (strcmp(verb, "pass") == 0) return pass_file(words[1], atoi(words[2]));
    if (strcmp(verb, "open-close") == 0) return open_and_close(words[1], atoi(words[2]));
    if (strcmp(verb, "exec") == 0) return execute(words[1], atoi(words[2]));
    if (strcmp(verb, "open-read") == 0) return open(words[1], O_RDONLY | O_CLOEXEC);
    if (strcmp(verb, "open-path") == 0) return open(words[1], O_PATH | O_CLOEXEC);
    if (strcmp(verb, "dup") == 0) return dup(number);
    if (strcmp(verb, "map") == 0) return map_page(number, words[2]);
    if (strcmp(verb, "chdir") == 0) return chdir(words[1]);
    if (strcmp(verb, "detach") == 0) return umount2(words[1], MNT_DETACH);
    if (strcmp(verb, "unshare") == 0) return unshare((int)strtol(words[1], NULL, 0));
    if (strcmp(verb, "bind-alg") == 0) return bind_algorithm(number, words[2], words[3]);
    if (strcmp(verb, "accept-alg") == 0) return accept4(number, NULL, NULL, SOCK_CLOEXEC);
    if (strcmp(verb, "congestion") == 0)
        return setsockopt(number, IPPROTO_TCP, TCP_CONGESTION, words[2], (socklen_t)strlen(words[2]));
    if (strcmp(verb, "bind-mounts") == 0) return bind_mounts(words[1], words[2], atoi(words[3]));
    if (strcmp(verb, "write") == 0) return write_to(words[1], words[2]);
    if (strcmp(verb, "become") == 0) return become(number, words[2]);
    if (strcmp(verb, "uring") == 0) return keep_in_ring(number);
    if (strcmp(verb, "perf") == 0) return count_event(words[1]);
    if (strcmp(verb, "raw-tracepoint") == 0) return bind_to_tracepoint(words[1]);
    if (strcmp(verb, "discipline") == 0) return ioctl(number, TIOCSETD, &(int){atoi(words[2])});
    if (strcmp(verb, "connect") == 0) return connect_to_self(number);
    if (strcmp(verb, "encrypt") == 0) return encrypt(number);
    if (strcmp(verb, "bind-netlink") == 0) return bind_netlink(number);
    if (strcmp(verb, "pty") == 0) return open_pty();
    if (strcmp(verb, "joystick") == 0) return make_joystick(number);
    if (strcmp(verb, "perf-kprobe") == 0) return probe_function(words[1]);
    if (strcmp(verb, "mount-on") == 0) return mount(words[1], words[2], words[3], 0, words[4]);
    return obey_machine(words);
}

int main(int argument_count, char **arguments) {
    if (argument_count > 1) prctl(PR_SET_NAME, arguments[1]);
    if (argument_count > 2) printf("ok 0\n"); /* the answer to `become` */
    fflush(stdout);
    char line[1024];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *words[WORDS] = {"", "", "", "", ""};
        size_t count = 0;
        for (char *word = strtok(line, " \n"); word != NULL && count < WORDS; word = strtok(NULL, " \n")) {
            words[count++] = word;
        }
        int result = obey(words);
        if (result < 0) printf("error %s\n", strerrorname_np(errno));
        else printf("ok %d\n", result);
        fflush(stdout);
    }
    return 0;
}
