/*
 * The janitor: keeps as much of root as removing takes, takes no input but one byte from its own pump, waits for the pump's end whatever that is,
 * and leaves tracefs as it found it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "snapshot.h"

enum { PUMP_PATIENCE_MS = 70 * 1000, MODULES_MAX = 1024 * 1024 };

struct recording {
    const struct helper *helper;
    const char *tracefs;
    struct instance instance;
    struct arming arming;
    struct counts counts;
    int trace_pipe;
    unsigned swept;
};

/* /proc/modules without its addresses, at the start (0) and at the end (1). */
static bool send_modules(unsigned char when) {
    char *text = malloc(MODULES_MAX);
    if (text == NULL) return false;
    ssize_t length = read_text(AT_FDCWD, "/proc/modules", text, MODULES_MAX);
    unsigned char prefix[2] = {0, when};
    if (length < 0) length = 0; /* a kernel without CONFIG_MODULES */
    blank_addresses(text, (size_t)length);
    bool sent = send_parts('M', prefix, sizeof prefix, text, (size_t)length);
    free(text);
    return sent;
}

static long long clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool send_hello(const struct recording *recording) {
    char text[1024], events[64] = "";
    for (size_t event = 0; event < EVENT_COUNT; event++) {
        if ((recording->arming.events & 1u << event) == 0) continue;
        if (events[0] != '\0') strcat(events, ",");
        strcat(events, event_names[event].word);
    }
    struct utsname kernel;
    if (uname(&kernel) != 0) snprintf(kernel.release, sizeof kernel.release, "unknown");
    int length = snprintf(text, sizeof text,
                          "version=1\nkernel=%s\ntracefs=%s\ninstance=%s\nevents=%s\nclock=%s\nrecord_tgid=%d\n"
                          "buffer_kib=%s\ncpus=%zu\nswept=%u\nmonotonic_ns=%lld\nboottime_ns=%lld\nrealtime_ns=%lld\n",
                          kernel.release, recording->tracefs, recording->instance.name, events,
                          recording->arming.clock, recording->arming.record_tgid, recording->arming.buffer_kib,
                          recording->counts.length, recording->swept, clock_ns(CLOCK_MONOTONIC),
                          clock_ns(CLOCK_BOOTTIME), clock_ns(CLOCK_REALTIME));
    return send_frame('H', text, (size_t)length);
}

static const struct refusal *arm(struct recording *recording, const struct start_request *request) {
    const struct refusal *refusal = configure_instance(&recording->instance, request, &recording->arming);
    if (refusal != NULL) return refusal;
    recording->trace_pipe = openat(recording->instance.directory, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (recording->trace_pipe < 0) return &pipe_failed;
    if (!open_counts(&recording->instance, &recording->counts)) return &stats_failed;
    return enable_events(&recording->instance, &recording->arming);
}

static _Noreturn void become_pump(struct recording *recording, int janitor, pid_t parent) {
    close(recording->instance.directory);
    close(recording->instance.instances);
    ready_pump();
    const struct helper *helper = recording->helper;
    if (helper->drops && !drop_privileges(helper->pump_uid, parent)) {
        send_refusal(&drop_failed, errno);
        _exit(PUMP_FAILED);
    }
    const struct pump pump = {.trace_pipe = recording->trace_pipe, .janitor = janitor, .counts = &recording->counts};
    run_pump(&pump);
}

/* Waits until the pump has let go of its end of the socket: it ended, or somebody killed it. */
static void watch_pump(const struct recording *recording, int pump, pid_t pid) {
    int64_t kill_at = INT64_MAX;
    bool told = false;
    for (;;) {
        bool ending = kill_at != INT64_MAX;
        struct pollfd fds[] = {
            {.fd = pump, .events = POLLIN},
            {.fd = ending ? -1 : STDIN_FILENO, .events = POLLRDHUP}, /* looked at, never read: that is the pump's */
        };
        struct timespec tick = {.tv_sec = 1};
        int ready = ppoll(fds, sizeof fds / sizeof *fds, ending ? &tick : NULL, &waiting_mask);
        if (stop_signal != 0 && !told) {
            told = true;
            send_byte(pump, 'Q');
        }
        bool hung_up = ready > 0 && fds[1].revents != 0;
        if (!ending && (stop_signal != 0 || hung_up)) {
            kill_at = monotonic_ns() + (int64_t)PUMP_PATIENCE_MS * 1000000;
        }
        if (monotonic_ns() > kill_at) kill(pid, SIGKILL);
        if (ready <= 0 || fds[0].revents == 0) continue;
        char byte;
        ssize_t count = read(pump, &byte, 1);
        if (count == 0 || (count < 0 && errno == ECONNRESET)) return;
        if (count == 1 && byte == 'C') send_byte(pump, clear_instance(&recording->instance) ? 'C' : 'X');
    }
}

static const char *wait_for_end(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return "pump-killed";
    }
    switch (WIFEXITED(status) ? WEXITSTATUS(status) : 0) {
    case PUMP_STOP: return "stop";
    case PUMP_STDIN_CLOSED: return "stdin-closed";
    case PUMP_STDOUT_CLOSED: return "stdout-closed";
    case PUMP_SIGNAL: return "signal";
    case PUMP_FAILED: return "failed";
    default: return "pump-killed";
    }
}

/* To end a pump that is another user's, and to remove an instance whose files were given to somebody else. Of root only
 * the files' owner is left otherwise: nothing is loaded, mounted or looked into any more. */
static const uint64_t janitor_capabilities = (uint64_t)1 << CAP_KILL | (uint64_t)1 << CAP_DAC_OVERRIDE;

/* Forks, and comes back only in the janitor, after the pump is gone; NULL and a refusal when it could not begin. */
static const char *run(struct recording *recording, const struct refusal **refusal) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        *refusal = &fork_failed;
        return NULL;
    }
    pid_t janitor = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        become_pump(recording, ends[1], janitor);
    }
    int error = errno;
    close(ends[1]);
    if (pid < 0) *refusal = &fork_failed;
    else if (recording->helper->drops && !keep_capabilities(0, janitor_capabilities, false)) {
        error = errno;
        *refusal = &drop_failed;
        kill(pid, SIGKILL);
    } else watch_pump(recording, ends[0], pid);
    close(ends[0]);
    const char *reason = pid < 0 ? NULL : wait_for_end(pid);
    errno = error;
    return *refusal == NULL ? reason : NULL;
}

static void send_counts(struct counts *counts) {
    char text[FRAME_BODY_MAX];
    for (size_t length; (length = write_counts(counts, text, sizeof text)) > 0;) send_frame('L', text, length);
}

/* Under kernel lockdown tracefs is empty, or, when that came later, no file of it opens, whichever is tried first. */
static bool refuse(const struct refusal *refusal, int error) {
    if (error == EPERM) refusal = &tracefs_forbidden;
    return send_refusal(refusal, refusal == &tracefs_forbidden ? 0 : error);
}

/* From the moment the instance exists there is one way out, and it removes it. */
static int record_in(struct recording *recording, const struct start_request *request) {
    const char *reason = "failed";
    const struct refusal *refusal = arm(recording, request);
    int error = errno;
    /* The modules are told after the events are enabled, so that nothing falls in between. */
    if (refusal == NULL && (!send_hello(recording) || !send_modules(0))) {
        reason = "stdout-closed";
    } else if (refusal == NULL) {
        reason = run(recording, &refusal);
        error = errno;
    }
    if (recording->counts.tracing_on >= 0) read_last_counts(&recording->counts);
    close_counts(&recording->counts); /* an open file of the instance would keep it */
    if (recording->trace_pipe >= 0) close(recording->trace_pipe);
    bool removed = remove_instance(&recording->instance);

    if (refusal != NULL) refuse(refusal, error);
    else {
        send_counts(&recording->counts);
        send_modules(1);
    }
    free_counts(&recording->counts);
    send_bye(reason == NULL ? "failed" : reason, removed ? "removed" : "left");
    return refusal == NULL && removed ? 0 : 1;
}

int record_modules(const struct helper *helper, const struct start_request *request) {
    struct recording recording = {.helper = helper, .trace_pipe = -1, .counts = {.tracing_on = -1}};
    int tracefs = open_tracefs(helper->places, helper->place_count, &recording.tracefs);
    const struct refusal *refusal = NULL;
    if (tracefs < 0) refusal = &no_tracefs;
    else if (faccessat(tracefs, "instances", F_OK, 0) != 0) refusal = &tracefs_forbidden; /* empty: locked down */
    else if (faccessat(tracefs, "events/module", F_OK, 0) != 0) refusal = &no_module_events;
    else refusal = make_instance(tracefs, &recording.instance, &recording.swept);
    int error = errno;
    if (tracefs >= 0) close(tracefs);
    if (refusal == NULL) return record_in(&recording, request);
    refuse(refusal, error);
    send_bye("failed", "none");
    return 1;
}
