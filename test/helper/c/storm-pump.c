/*
 * The real pump on the real tracefs of this machine, in an instance of its own, with an event that is cheaper to make
 * than a module's: getppid.
 *   storm-pump pump|cat|trace-cmd EVENTS_PER_SECOND SECONDS BUFFER_KIB      (0: as many as it can)
 * `pump` sends frames to stdout, `cat` reads as cat would and sends the text there, `trace-cmd` records the same
 * instance into a file below /tmp. What was kept and lost, and what the reader took, goes to stderr.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

static const char event[] = "events/raw_syscalls/sys_enter";

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* Bursts of a millisecond each, so that the rate is held. The arguments are printed too: zeros make every line as long as
 * that of a module's event, where what happens to be in the registers would not. */
static _Noreturn void make_events(int go, long rate, long seconds) {
    char byte;
    if (read(go, &byte, 1) != 1) _exit(1);
    int64_t end = monotonic_ns() + seconds * 1000000000, next = monotonic_ns();
    while (monotonic_ns() < end) {
        for (long i = 0; i < (rate == 0 ? 1000 : rate / 1000); i++) syscall(SYS_getppid, 0, 0, 0, 0, 0, 0);
        next += 1000000;
        int64_t left = rate == 0 ? 0 : next - monotonic_ns();
        if (left > 0) nanosleep(&(struct timespec){.tv_nsec = left}, NULL);
    }
    _exit(0);
}

static _Noreturn void cat_trace(int trace_pipe) {
    static char text[128 * 1024];
    fcntl(trace_pipe, F_SETFL, 0);
    for (;;) {
        ssize_t count = read(trace_pipe, text, sizeof text);
        if (count <= 0 || write(STDOUT_FILENO, text, (size_t)count) < 0) _exit(0);
    }
}

/* Its recorders are its children: waiting for it counts them too. */
static _Noreturn void become_trace_cmd(const char *instance, const char *filter, const char *file) {
    int silence = open("/dev/null", O_WRONLY);
    dup2(silence, STDOUT_FILENO);
    dup2(silence, STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execlp("trace-cmd", "trace-cmd", "record", "-B", instance, "-C", "mono", "-e", "raw_syscalls:sys_enter", "-f", filter,
           "-o", file, (char *)NULL);
    _exit(1);
}

/* Until its events are on; false when they never are. */
static bool wait_for_events(int directory, const char *path) {
    char on[8] = "";
    for (int i = 0; i < 100; i++) {
        if (read_text(directory, path, on, sizeof on) > 0 && on[0] == '1') return true;
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    return false;
}

/* Resident memory. Source: proc(5), the second field of /proc/PID/statm, in pages. */
static long resident_kib(pid_t pid) {
    char path[32], text[128];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    if (read_text(AT_FDCWD, path, text, sizeof text) > 0) sscanf(text, "%*d %ld", &pages);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void sleep_until(int64_t when) {
    int64_t left = when - monotonic_ns();
    if (left > 0) nanosleep(&(struct timespec){.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000}, NULL);
}

static uint64_t total(const struct counts *counts, size_t field) {
    uint64_t sum = 0;
    for (size_t i = 0; i < counts->length; i++) sum += *(const uint64_t *)((const char *)&counts->cpus[i] + field);
    return sum;
}

int main(int argument_count, char **arguments) {
    if (argument_count != 5) return 2;
    bool is_pump = strcmp(arguments[1], "pump") == 0, is_trace_cmd = strcmp(arguments[1], "trace-cmd") == 0;
    long rate = atol(arguments[2]), seconds = atol(arguments[3]);
    block_stop_signals();
    const struct tracefs_place place = {"/sys/kernel/tracing", 0x74726163};
    const char *where;
    struct instance instance;
    unsigned swept;
    int tracefs = open_tracefs(&place, 1, &where);
    if (tracefs < 0 || make_instance(tracefs, &instance, &swept) != NULL) fail("instance");
    write_text(instance.directory, "buffer_size_kb", arguments[4]);
    write_text(instance.directory, "trace_clock", "mono");

    int go[2], ends[2];
    if (pipe(go) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) fail("pipe");
    pid_t maker = fork();
    if (maker == 0) make_events(go[0], rate, seconds);
    char path[96], filter[64];
    snprintf(path, sizeof path, "%s/filter", event);
    snprintf(filter, sizeof filter, "common_pid == %d && id == %d", (int)maker, SYS_getppid);
    struct counts counts;
    if (!write_text(instance.directory, path, filter) || !open_counts(&instance, &counts)) fail("filter");
    /* An open trace_pipe takes the events from whoever else reads. */
    int trace_pipe = is_trace_cmd ? -1 : openat(instance.directory, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    snprintf(path, sizeof path, "%s/enable", event);
    if (!is_trace_cmd && !write_text(instance.directory, path, "1")) fail("enable");
    char file[64];
    snprintf(file, sizeof file, "/tmp/%s.dat", instance.name);

    pid_t reader = fork();
    if (reader == 0) {
        close(ends[0]);
        const struct pump pump = {.trace_pipe = trace_pipe, .janitor = ends[1], .counts = &counts};
        if (is_pump) {
            ready_pump();
            run_pump(&pump);
        }
        if (is_trace_cmd) become_trace_cmd(instance.name, filter, file);
        cat_trace(trace_pipe);
    }
    close(ends[1]);
    if (is_trace_cmd && !wait_for_events(instance.directory, path)) {
        fputs("trace-cmd record does not run here\n", stderr);
        kill(maker, SIGKILL);
        kill(reader, SIGKILL);
        close_counts(&counts);
        remove_instance(&instance);
        return 3;
    }
    if (write(go[1], "g", 1) != 1) fail("go");
    /* After the first half second, in the middle, and when no more events are made. */
    int64_t began = monotonic_ns();
    long resident[3];
    sleep_until(began + 500000000);
    resident[0] = resident_kib(reader);
    sleep_until(began + seconds * 500000000);
    resident[1] = resident_kib(reader);
    int status;
    waitpid(maker, &status, 0);
    resident[2] = resident_kib(reader);
    if (is_pump) send_byte(ends[0], 'Q');
    else {
        /* trace-cmd leaves the page that is being written for the end. */
        for (int i = 0; i < 100 && (i == 0 || total(&counts, offsetof(struct cpu_counts, entries)) > 0); i++) {
            nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
            read_counts(&counts);
            if (is_trace_cmd && i >= 2) break;
        }
        kill(reader, is_trace_cmd ? SIGINT : SIGKILL);
    }
    struct rusage usage;
    wait4(reader, &status, 0, &usage);
    read_counts(&counts);
    uint64_t read_events = total(&counts, offsetof(struct cpu_counts, read));
    struct stat written = {0};
    if (is_trace_cmd && stat(file, &written) == 0) unlink(file);
    uint64_t lost = total(&counts, offsetof(struct cpu_counts, overrun)) + total(&counts, offsetof(struct cpu_counts, dropped));
    long cpu_ms = usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 + usage.ru_stime.tv_sec * 1000 +
                  usage.ru_stime.tv_usec / 1000;
    fprintf(stderr, "{\"read\":%llu,\"lost\":%llu,\"cpuMs\":%ld,\"residentKiB\":[%ld,%ld,%ld],\"fileBytes\":%lld}\n",
            (unsigned long long)read_events, (unsigned long long)lost, cpu_ms, resident[0], resident[1], resident[2],
            (long long)written.st_size);
    write_text(instance.directory, path, "0");
    close_counts(&counts);
    if (trace_pipe >= 0) close(trace_pipe);
    return remove_instance(&instance) ? 0 : 1;
}
