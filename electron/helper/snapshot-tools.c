/* Tools of the system that know what no file tells: fixed programs, fixed words, no shell, nothing in the environment,
 * and only where the module that they ask about is loaded already: else asking would load it. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "snapshot.h"

enum { WORDS = 6, TOOL_PATIENCE_MS = 3000, END_PATIENCE_MS = 500, WAIT_TICK_MS = 2, OUTPUT_MAX = 2 * 1024 * 1024 };

/* Bits of capabilities(7) by their numbers in linux/capability.h. */
#define CAPABILITY(number) ((uint64_t)1 << (number))
enum { NET_ADMIN = 12, NET_RAW = 13, SYS_ADMIN = 21 };

struct tool {
    const char *module; /* its name, or the beginning of it and a star */
    const char *words[WORDS];
    uint64_t capabilities;
    uid_t uid;
};

static const struct tool tools[] = {
    /* Opens a device that belongs to root, and asks what only CAP_SYS_ADMIN may (ctl_ioctl in drivers/md/dm-ioctl.c). */
    {"dm_mod", {"dmsetup", "table"}, CAPABILITY(SYS_ADMIN), 0},
    /* Reads files that belong to root, and asks raw sockets. */
    {"ip_tables", {"iptables-legacy-save"}, CAPABILITY(NET_ADMIN) | CAPABILITY(NET_RAW), 0},
    {"ip6_tables", {"ip6tables-legacy-save"}, CAPABILITY(NET_ADMIN) | CAPABILITY(NET_RAW), 0},
};
enum { TOOL_COUNT = sizeof tools / sizeof *tools };

static const char *const folders[] = {"usr/sbin", "sbin", "usr/bin", "bin"};

static struct {
    pid_t pid;
    int output;
} running[TOOL_COUNT];

static bool is_wanted(const char *module, const char *name) {
    size_t length = strlen(module) - 1;
    return module[length] == '*' ? strncmp(module, name, length) == 0 : strcmp(module, name) == 0;
}

/* `name size count …` in /proc/modules. */
bool is_module_used(const char *modules, const char *module) {
    char name[256];
    long count;
    for (const char *line = modules; *line != '\0';) {
        if (sscanf(line, "%255s %*u %ld", name, &count) == 2 && count > 0 && is_wanted(module, name)) return true;
        line += strcspn(line, "\n");
        if (*line == '\n') line++;
    }
    return false;
}

static bool find_tool(int root, const char *name, char path[64]) {
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, 64, "%s/%s", folders[i], name);
        if (faccessat(root, path, X_OK, 0) == 0) return true;
    }
    return false;
}

static _Noreturn void become_tool(const struct tool *tool, int root, const char *path, int output) {
    int nothing = open("/dev/null", O_RDWR);
    if (geteuid() == 0 && !keep_capabilities(tool->uid, tool->capabilities, true)) _exit(126);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDERR_FILENO) < 0) _exit(126);
    if (dup2(output, STDOUT_FILENO) < 0 || fchdir(root) != 0) _exit(126);
    setrlimit(RLIMIT_CPU, &(struct rlimit){2, 2});
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    char *arguments[WORDS + 1] = {0}, *environment[] = {NULL};
    for (size_t i = 0; i < WORDS; i++) arguments[i] = (char *)(uintptr_t)tool->words[i];
    execve(path, arguments, environment);
    _exit(127);
}

/* 0, or why it does not run. */
static int start_tool(size_t i, int root) {
    char path[64];
    int ends[2];
    if (!find_tool(root, tools[i].words[0], path)) return ENOENT;
    if (geteuid() != 0 && tools[i].capabilities != 0) return EPERM;
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    pid_t pid = fork();
    if (pid == 0) become_tool(&tools[i], root, path, ends[1]);
    int error = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error;
    }
    running[i].pid = pid;
    running[i].output = ends[0];
    return 0;
}

static int collect(int output, int64_t until, struct text *text) {
    char bytes[16 * 1024];
    for (;;) {
        struct pollfd poll_output = {.fd = output, .events = POLLIN};
        int64_t left = (until - monotonic_ns()) / 1000000;
        int ready = poll(&poll_output, 1, left < 0 ? 0 : (int)left);
        if (ready == 0) return ETIMEDOUT;
        ssize_t count = ready < 0 ? -1 : read(output, bytes, sizeof bytes);
        if (count == 0) return 0;
        if (count < 0 && errno != EINTR) return errno;
        if (count > 0) add_bytes(text, bytes, (size_t)count);
        if (text->length > OUTPUT_MAX) return EFBIG;
    }
}

bool wait_briefly(pid_t pid, int *status, int patience_ms) {
    int64_t until = monotonic_ns() + (int64_t)patience_ms * 1000000;
    for (;;) {
        pid_t ended = waitpid(pid, status, WNOHANG);
        if (ended != 0) return ended == pid;
        if (monotonic_ns() >= until) return false;
        poll(NULL, 0, WAIT_TICK_MS);
    }
}

static int wait_for_tool(size_t i, int64_t until, struct text *text) {
    int error = collect(running[i].output, until, text), status = 0;
    close(running[i].output);
    if (error == 0 && wait_briefly(running[i].pid, &status, END_PATIENCE_MS)) {
        return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : EIO;
    }
    kill(running[i].pid, SIGKILL);
    wait_briefly(running[i].pid, &status, END_PATIENCE_MS);
    return error == 0 ? ETIMEDOUT : error;
}

static void send_tool(size_t i, int error, const struct text *text) {
    char name[128] = "";
    size_t at = 0;
    for (size_t word = 0; word < WORDS && tools[i].words[word] != NULL; word++) {
        at += (size_t)snprintf(name + at, sizeof name - at, "%s%s", word == 0 ? "" : " ", tools[i].words[word]);
    }
    send_text(name, error, text);
}

void ask_tools(int root) {
    struct text text = {0};
    bool wanted[TOOL_COUNT];
    int errors[TOOL_COUNT] = {0};
    read_file(NULL, root, "proc/modules", &text);
    add_bytes(&text, "", 1);
    for (size_t i = 0; i < TOOL_COUNT; i++) {
        wanted[i] = is_module_used(text.bytes, tools[i].module);
        if (wanted[i]) errors[i] = start_tool(i, root);
    }
    int64_t until = monotonic_ns() + (int64_t)TOOL_PATIENCE_MS * 1000000;
    for (size_t i = 0; i < TOOL_COUNT; i++) {
        if (!wanted[i]) continue;
        clear_text(&text);
        if (errors[i] == 0) errors[i] = wait_for_tool(i, until, &text);
        send_tool(i, errors[i], &text);
    }
    free_text(&text);
}
