/*
 * SNAPSHOT: what /proc and /sys say now. Each is taken by a process of its own, which gives up root first; the one
 * that waits for it takes nothing but requests of a byte, and ends it when it takes too long.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "snapshot.h"

enum { NOBODY = 65534, LAST_QUESTIONS_MS = 1000, END_PATIENCE_MS = 5000, KILLED_PATIENCE_MS = 500, HANGING_MAX = 4 };

/* Looks that were killed and have not ended. While there is one, no other asks the last questions; of very many none is
 * taken any more, for each keeps its memory. */
static unsigned hanging;

static _Noreturn void look_around(const struct helper *helper, unsigned options, int root, pid_t parent, int waiting) {
    struct look look = {.root = root};
    if ((options & LOOK_TOOLS) != 0) {
        ask_tools(root);
        ask_networks(root, helper->drops);
    }
    if (helper->drops && !keep_capabilities(NOBODY, looking_capabilities, false)) {
        send_refusal(&drop_failed, errno);
        _exit(1);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(1);
    tell_networks(); /* first: what its sockets hold is none of what is looked at */
    look_at_modules(&look);
    look_at_processes(&look);
    send_openings();
    send_sockets();
    look_at_files(&look);
    look_at_block_devices(&look);
    look_at_devices(&look);
    send_standings(&look);
    look_at_refcounts(&look);
    /* Everything is told but what may never be answered: that is waited for a little only. */
    if (write(waiting, "", 1) == 1 && hanging == 0) name_lost_superblocks(&look);
    _exit(0);
}

/* Waits for the end of the look, which closes its end of the pipe; kills one that hangs in a dead filesystem. A byte
 * from it says that only its last questions are open. */
static const char *wait_for_look(pid_t pid, int pipe_end, int patience_ms) {
    int64_t until = monotonic_ns() + (int64_t)patience_ms * 1000000;
    bool late = false, told = false;
    for (;;) {
        int64_t left = until - monotonic_ns();
        late = left <= 0;
        if (late || stop_signal != 0) break;
        struct timespec patience = {.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
        struct pollfd pipe = {.fd = pipe_end, .events = POLLIN};
        if (ppoll(&pipe, 1, &patience, &waiting_mask) <= 0) continue;
        char byte;
        if (read(pipe_end, &byte, 1) != 1) break;
        told = true;
        until = monotonic_ns() + (int64_t)LAST_QUESTIONS_MS * 1000000;
    }
    bool killed = late || stop_signal != 0;
    if (killed) kill(pid, SIGKILL);
    int status = 0;
    bool ended = wait_briefly(pid, &status, killed ? KILLED_PATIENCE_MS : END_PATIENCE_MS);
    if (!ended) hanging++;
    if (late) return told ? "done" : "late";
    return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "done" : "failed";
}

static bool take_snapshot(const struct helper *helper, unsigned options) {
    struct utsname kernel;
    char text[512];
    int ends[2];
    int64_t began = monotonic_ns();
    const char *result = "failed";
    int root = open(helper->system, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (hanging > 0 && waitpid(-1, NULL, WNOHANG) > 0) hanging--;
    if (hanging >= HANGING_MAX) result = "late";
    else if (root >= 0 && pipe2(ends, O_CLOEXEC) == 0) {
        pid_t parent = getpid(), pid = fork();
        if (pid == 0) {
            close(ends[0]);
            look_around(helper, options, root, parent, ends[1]);
        }
        close(ends[1]);
        if (pid > 0) result = wait_for_look(pid, ends[0], helper->look_ms);
        close(ends[0]);
    }
    if (root >= 0) close(root);
    if (uname(&kernel) != 0) snprintf(kernel.release, sizeof kernel.release, "unknown");
    int length = snprintf(text, sizeof text, "version=1\nresult=%s\nkernel=%s\nroot=%d\nbegan_ns=%lld\nended_ns=%lld\n",
                          result, kernel.release, helper->is_root, (long long)began, (long long)monotonic_ns());
    return send_frame('N', text, (size_t)length);
}

static int end(const struct refusal *refusal, const char *reason) {
    if (refusal != NULL) send_refusal(refusal, 0);
    send_bye(reason, "none");
    return refusal == NULL ? 0 : 1;
}

int read_snapshots(const struct helper *helper, const unsigned char *first, size_t first_length) {
    unsigned char body[FRAME_BODY_MAX];
    size_t length = first_length;
    memcpy(body, first, first_length);
    for (char type = 'N';;) {
        if (type != 'N' || length != 1) return end(&bad_frame, "refused");
        if ((body[0] & ~LOOK_ALL) != 0) return end(&bad_flags, "refused");
        if (!take_snapshot(helper, body[0])) return end(NULL, "stdout-closed");
        switch (receive_frame(&type, body, &length, INT_MAX)) {
        case RECEIVED: break;
        case RECEIVED_SIGNAL: return end(NULL, "signal");
        case RECEIVED_END:
        case RECEIVED_TOO_LATE: return end(NULL, "stdin-closed");
        case RECEIVED_BROKEN: return end(&bad_frame, "refused");
        }
    }
}
