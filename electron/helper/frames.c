/* Frames on stdin and stdout. None is longer than PIPE_BUF, so that a pipe or a socket takes it whole or not at all:
 * a process that is killed never leaves half a frame behind. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"

enum { SEND_PATIENCE_MS = 2000, SEND_TICK_MS = 50 };

volatile sig_atomic_t stop_signal;
sigset_t waiting_mask;

static bool stdout_gone;

static void on_stop_signal(int signal) {
    stop_signal = signal;
}

void block_stop_signals(void) {
    sigset_t blocked;
    sigemptyset(&blocked);
    /* Not those alone that ask for an end: whatever else would end a process, a timer or a limit of whoever started this
     * one among it, must not leave an instance behind. */
    const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1,
                           SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO, SIGPWR, SIGSTKFLT};
    struct sigaction action = {.sa_handler = on_stop_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], &action, NULL);
        sigaddset(&blocked, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, &waiting_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigdelset(&waiting_mask, signals[i]);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that takes no more is a reader that is gone */
    signal(SIGCHLD, SIG_DFL); /* a parent may have had it ignored, and then no child could be waited for */
}

int64_t monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

size_t pack_frame(unsigned char frame[FRAME_MAX], char type, const void *body, size_t length) {
    frame[0] = (unsigned char)type;
    frame[1] = 0;
    frame[2] = (unsigned char)(length >> 8);
    frame[3] = (unsigned char)length;
    if (body != NULL) memcpy(frame + FRAME_HEADER, body, length);
    return FRAME_HEADER + length;
}

static bool wait_for(int fd, short events, int64_t until, bool heed_signals) {
    for (;;) {
        int64_t left = until - monotonic_ns();
        if (left < 0) left = 0;
        struct timespec patience = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        struct pollfd poll = {.fd = fd, .events = events};
        if (heed_signals && stop_signal != 0) return false;
        int ready = ppoll(&poll, 1, &patience, heed_signals ? &waiting_mask : NULL);
        if (ready > 0) return true;
        if (ready == 0) return false;
        if (errno != EINTR) return false;
    }
}

/* A socket is called writable only when three quarters of its room are free, which a slow reader may not reach for long:
 * it is tried now and then. Anything else takes a whole frame when poll calls it writable. */
static ssize_t send_some(const unsigned char *bytes, size_t length, int64_t until) {
    for (;;) {
        ssize_t count = send(STDOUT_FILENO, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count >= 0) return count;
        bool is_socket = errno != ENOTSOCK;
        if (is_socket && errno != EAGAIN && errno != EINTR) return -1;
        int64_t now = monotonic_ns(), soon = now + (int64_t)SEND_TICK_MS * 1000000;
        bool writable = wait_for(STDOUT_FILENO, POLLOUT, is_socket && soon < until ? soon : until, false);
        if (!is_socket) return writable ? write(STDOUT_FILENO, bytes, length) : -1;
        if (now >= until) return -1;
    }
}

bool send_frame(char type, const void *body, size_t length) {
    unsigned char frame[FRAME_MAX];
    size_t total = pack_frame(frame, type, body, length);
    for (size_t sent = 0; sent < total && !stdout_gone;) {
        int64_t until = monotonic_ns() + (int64_t)SEND_PATIENCE_MS * 1000000;
        ssize_t count = send_some(frame + sent, total - sent, until);
        if (count >= 0) sent += (size_t)count;
        else stdout_gone = true;
    }
    return !stdout_gone;
}

bool send_parts(char type, unsigned char *prefix, size_t prefix_length, const char *text, size_t length) {
    unsigned char body[FRAME_BODY_MAX];
    size_t room = sizeof body - prefix_length;
    size_t at = 0;
    do {
        size_t part = length - at < room ? length - at : room;
        prefix[0] = at + part == length;
        memcpy(body, prefix, prefix_length);
        memcpy(body + prefix_length, text + at, part);
        at += part;
        if (!send_frame(type, body, prefix_length + part)) return false;
    } while (at < length);
    return true;
}

size_t write_refusal(const struct refusal *refusal, int error, char *text, size_t capacity) {
    const char *reason = error == 0 ? "" : strerror(error);
    const char *joint = error == 0 ? "" : ": ";
    return (size_t)snprintf(text, capacity, "%s\n%s%s%s.", refusal->code, refusal->sentence, joint, reason);
}

bool send_refusal(const struct refusal *refusal, int error) {
    char text[512];
    size_t length = write_refusal(refusal, error, text, sizeof text);
    return send_frame('E', text, length);
}

bool send_bye(const char *reason, const char *instance) {
    char text[128];
    int length = snprintf(text, sizeof text, "reason=%s\ninstance=%s\n", reason, instance);
    return send_frame('B', text, (size_t)length);
}

static enum received receive_bytes(unsigned char *bytes, size_t length, int64_t until) {
    for (size_t at = 0; at < length;) {
        if (!wait_for(STDIN_FILENO, POLLIN, until, true)) return stop_signal ? RECEIVED_SIGNAL : RECEIVED_TOO_LATE;
        ssize_t count = read(STDIN_FILENO, bytes + at, length - at);
        if (count == 0) return at == 0 ? RECEIVED_END : RECEIVED_BROKEN;
        if (count > 0) at += (size_t)count;
        else if (errno != EINTR && errno != EAGAIN) return RECEIVED_BROKEN;
    }
    return RECEIVED;
}

enum received receive_frame(char *type, unsigned char *body, size_t *length, int timeout_ms) {
    unsigned char header[FRAME_HEADER];
    int64_t until = monotonic_ns() + (int64_t)timeout_ms * 1000000;
    enum received received = receive_bytes(header, sizeof header, until);
    if (received != RECEIVED) return received;
    *type = (char)header[0];
    *length = (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
    if (*length > FRAME_BODY_MAX) return RECEIVED_BROKEN;
    received = receive_bytes(body, *length, until);
    return received == RECEIVED_END ? RECEIVED_BROKEN : received;
}
