/*
 * The pump: an ordinary user's process that copies trace_pipe to stdout. It owns stdout while it lives, listens to
 * stdin, and holds nothing but what root had already opened for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

enum {
    BATCH = 32,               /* frames that go out together; then stdin and the janitor are looked at again */
    READ_MAX = 2 * FRAME_BODY_MAX, /* a kernel gives a page at a time, newer ones two */
    MESSAGE_MAX = 32 * 1024,  /* of one buffer of a socket (UNIX_SKB_FRAGS_SZ in net/unix/af_unix.c) */
    TICK_MS = 100,            /* some kernels miss a wake-up of poll on trace_pipe: read anyway */
    REST_MS = 10,             /* after a read: lets events gather, which costs everybody less than waking for each */
    COUNTS_MS = 1000,         /* how often lost events are looked for */
    STALL_MS = 3000,          /* at the end: how long nobody may read before the rest is given up */
    DRAIN_MS = 60 * 1000,     /* at the end: how long reading the rest may take in all; the janitor waits longer */
    ROOM = 2 * 1024 * 1024,   /* of stdout: for a reader that is late for a moment, beside the ring buffer */
    NICENESS = -10,           /* ahead of those that make the events, who never wait: only the kernel's buffer does */
};

struct state {
    const struct pump *pump;
    unsigned char frames[BATCH][FRAME_MAX]; /* on their way out, from `first` up to `count` */
    size_t lengths[BATCH], first, count;
    size_t sent; /* of the first one */
    bool trace_empty, trace_rests, counts_due, clear_asked, cleared;
    const struct refusal *failure; /* to be told next */
    int failure_error;
    int64_t next_counts, stall_end, drain_end;
    enum pump_end end; /* 0 while recording */
    bool stdout_is_socket;
    unsigned char request[FRAME_HEADER];
    size_t request_length;
};

static void finish(struct state *state, enum pump_end end) {
    if (state->end != 0) return;
    state->end = end;
    int64_t now = monotonic_ns();
    state->stall_end = now + (int64_t)STALL_MS * 1000000;
    state->drain_end = now + (int64_t)DRAIN_MS * 1000000;
    state->trace_empty = false;
    /* Whether it is on is looked at for the last time: from here on it is we who have switched it off. */
    state->counts_due |= read_counts(state->pump->counts);
    /* Nothing comes in any more, so that what is still there can be read to its end. */
    ssize_t count = pwrite(state->pump->counts->tracing_on, "0", 1, 0);
    (void)count;
}

static void queue(struct state *state, char type, const void *body, size_t length) {
    state->lengths[state->count] = pack_frame(state->frames[state->count], type, body, length);
    state->count++;
}

static void fail(struct state *state, const struct refusal *failure, int error) {
    state->failure = failure;
    state->failure_error = error;
}

/* What one read gives: less than a page at a time, or two (tracing_read_pipe in kernel/trace/trace.c, whose text grew
 * to TRACE_SEQ_BUFFER_SIZE with Linux 6.8). Takes two frames at most. */
static void read_trace(struct state *state) {
    unsigned char text[READ_MAX];
    ssize_t count = read(state->pump->trace_pipe, text, sizeof text);
    if (count > 0) {
        size_t length = (size_t)count, cut = length < FRAME_BODY_MAX ? length : FRAME_BODY_MAX;
        queue(state, 'T', text, cut);
        if (length > cut) queue(state, 'T', text + cut, length - cut);
        state->trace_rests = true;
        return;
    }
    state->trace_empty = true;
    if (count == 0) state->trace_rests = true; /* an end, where poll would not wait: a quiet look now and then will do */
    if (count == 0 || errno == EAGAIN || errno == EINTR) return;
    fail(state, &read_failed, errno);
    finish(state, PUMP_FAILED);
}

/* False when there is nothing to say. */
static bool fill(struct state *state) {
    char text[FRAME_BODY_MAX];
    if (state->failure != NULL) {
        queue(state, 'E', text, write_refusal(state->failure, state->failure_error, text, sizeof text));
        state->failure = NULL;
        return true;
    }
    if (state->cleared) {
        queue(state, 'C', NULL, 0);
        state->cleared = false;
        return true;
    }
    if (state->counts_due) {
        size_t length = write_counts(state->pump->counts, text, sizeof text);
        if (length > 0) {
            queue(state, 'L', text, length);
            return true;
        }
        state->counts_due = false;
    }
    if (!state->trace_empty) read_trace(state);
    return !state->trace_empty;
}

/* As many frames as a socket takes, in one call. A message that fits into one buffer of the kernel's is taken whole or not
 * at all, and wakes the reader once: each holds as many whole frames as do. */
static ssize_t send_frames(struct state *state) {
    struct mmsghdr messages[BATCH];
    struct iovec bodies[BATCH];
    unsigned count = 0;
    size_t room = 0;
    for (size_t i = state->first; i < state->count; i++) {
        size_t skipped = i == state->first ? state->sent : 0, length = state->lengths[i] - skipped;
        bodies[i] = (struct iovec){.iov_base = state->frames[i] + skipped, .iov_len = length};
        if (length > room) {
            messages[count++] = (struct mmsghdr){.msg_hdr = {.msg_iov = &bodies[i]}};
            room = MESSAGE_MAX;
        }
        messages[count - 1].msg_hdr.msg_iovlen++;
        room -= length;
    }
    int taken = sendmmsg(STDOUT_FILENO, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken < 0) return -1;
    ssize_t bytes = 0;
    for (int i = 0; i < taken; i++) bytes += (ssize_t)messages[i].msg_len;
    return bytes;
}

/* Writes without ever blocking: a socket by its flag, and anything else only after poll called it writable, when it
 * takes a whole frame. */
static void flush(struct state *state, bool writable) {
    ssize_t count;
    if (state->stdout_is_socket) count = send_frames(state);
    else if (writable) {
        count = write(STDOUT_FILENO, state->frames[state->first] + state->sent, state->lengths[state->first] - state->sent);
    } else return;
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (count < 0) _exit(PUMP_STDOUT_CLOSED);
    state->sent += (size_t)count;
    while (state->first < state->count && state->sent >= state->lengths[state->first]) {
        state->sent -= state->lengths[state->first++];
    }
    if (state->first == state->count) state->first = state->count = 0;
    if (state->end != 0) state->stall_end = monotonic_ns() + (int64_t)STALL_MS * 1000000;
}

static void obey(struct state *state, char type) {
    if (type == 'Q') {
        finish(state, PUMP_STOP);
    } else if (!state->clear_asked) {
        state->clear_asked = send_byte(state->pump->janitor, 'C');
    }
}

static void read_stdin(struct state *state) {
    size_t at = state->request_length;
    ssize_t count = read(STDIN_FILENO, state->request + at, sizeof state->request - at);
    if (count == 0) finish(state, PUMP_STDIN_CLOSED);
    if (count <= 0) return;
    state->request_length += (size_t)count;
    if (state->request_length < sizeof state->request) return;
    state->request_length = 0;
    const unsigned char *request = state->request;
    bool empty = request[1] == 0 && request[2] == 0 && request[3] == 0;
    if (empty && (request[0] == 'Q' || request[0] == 'C')) {
        obey(state, (char)request[0]);
        return;
    }
    fail(state, &bad_request, 0);
    finish(state, PUMP_FAILED);
}

static void read_janitor(struct state *state) {
    char byte;
    ssize_t count = read(state->pump->janitor, &byte, 1);
    if (count == 0) _exit(PUMP_FAILED); /* nobody is left who could clean up, or would: let go of the instance */
    if (count < 0) return;
    if (byte == 'Q') {
        finish(state, PUMP_SIGNAL);
    } else {
        state->clear_asked = false;
        if (byte == 'C') state->cleared = true;
        else fail(state, &clear_failed, 0);
    }
}

bool send_byte(int socket, char byte) {
    return send(socket, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

static void wait_and_serve(struct state *state) {
    bool sending = state->count != 0;
    bool waiting = !sending && state->trace_empty;
    bool listening = state->end == 0;
    struct pollfd fds[] = {
        {.fd = state->pump->janitor, .events = POLLIN},
        {.fd = STDOUT_FILENO, .events = sending ? POLLOUT : 0},
        {.fd = listening ? STDIN_FILENO : -1, .events = POLLIN},
        {.fd = waiting && !state->trace_rests ? state->pump->trace_pipe : -1, .events = POLLIN},
    };
    long patience_ms = waiting && state->trace_rests ? REST_MS : waiting || sending ? TICK_MS : 0;
    struct timespec patience = {.tv_nsec = patience_ms * 1000000};
    int ready = ppoll(fds, sizeof fds / sizeof *fds, &patience, &waiting_mask);
    if (stop_signal != 0) finish(state, PUMP_SIGNAL);
    if (ready < 0) return;
    if (ready == 0 || (fds[3].revents & POLLIN) != 0) state->trace_empty = state->trace_rests = false;
    if (fds[0].revents != 0) read_janitor(state);
    if (fds[2].revents != 0 && listening) read_stdin(state);
    if ((fds[1].revents & POLLOUT) != 0) flush(state, true);
    else if ((fds[1].revents & (POLLERR | POLLHUP)) != 0) _exit(PUMP_STDOUT_CLOSED);
}

void ready_pump(void) {
    const int room = ROOM;
    /* Node gives its children a socket, a shell a pipe, of which half the room takes no CAP_SYS_RESOURCE. */
    if (setsockopt(STDOUT_FILENO, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) != 0) {
        if (fcntl(STDOUT_FILENO, F_SETPIPE_SZ, room) < 0) fcntl(STDOUT_FILENO, F_SETPIPE_SZ, room / 2);
    }
    /* Where the scheduler groups processes by session, niceness counts within the group only, and the group has one of its
     * own: with a session of its own the pump takes that from nobody (sched(7), "The autogroup feature"). */
    char niceness[8];
    snprintf(niceness, sizeof niceness, "%d", NICENESS);
    if (setsid() >= 0) write_text(AT_FDCWD, "/proc/self/autogroup", niceness);
    setpriority(PRIO_PROCESS, 0, NICENESS);
}

void run_pump(const struct pump *pump) {
    static struct state state;
    struct stat facts;
    state.pump = pump;
    state.stdout_is_socket = fstat(STDOUT_FILENO, &facts) == 0 && S_ISSOCK(facts.st_mode);
    for (;;) {
        int64_t now = monotonic_ns();
        if (now >= state.next_counts && !state.counts_due && state.end == 0) {
            state.next_counts = now + (int64_t)COUNTS_MS * 1000000;
            state.counts_due = read_counts(pump->counts);
        }
        /* What one read gives has to fit. */
        while (state.count + 2 <= BATCH && fill(&state)) continue;
        if (state.count != 0) flush(&state, false);
        if (state.end != 0) {
            if (state.count == 0 && state.trace_empty && !state.counts_due && state.failure == NULL) _exit(state.end);
            if (now > state.stall_end || now > state.drain_end) _exit(state.end);
        }
        wait_and_serve(&state);
    }
}
