/*
 * capture-helper: the only privileged code of ModShark. What each part may do, and in which order, is in README.md;
 * the bytes on stdin and stdout are in PROTOCOL.md.
 */
#ifndef MODSHARK_HELPER_H
#define MODSHARK_HELPER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- What went wrong, as a stable code for programs and a sentence for people (refusals.c) ---- */

struct refusal {
    const char *code;
    const char *sentence;
};

extern const struct refusal
    not_root, bad_caller, start_timeout, bad_frame, bad_version, bad_events, bad_flags, bad_buffer, too_many_names,
    bad_name, filter_too_long, no_tracefs, tracefs_forbidden, no_module_events, instance_failed, buffer_refused,
    filter_refused, trigger_refused, events_refused, pipe_failed, stats_failed, fork_failed, drop_failed, read_failed,
    clear_failed, bad_request;

/* ---- What the caller may ask for (start-request.c): pure, touches nothing ---- */

enum { EVENT_COUNT = 5, NAME_MAX_LENGTH = 55, NAME_MAX_COUNT = 256 };
enum { BUFFER_MIN_KIB = 64, BUFFER_MAX_KIB = 64 * 1024 };
/* The kernel takes less than a page of filter and prints it back through a buffer of a page that it also needs for
 * itself (event_filter_write, event_filter_read in kernel/trace/trace_events.c). */
enum { FILTER_MAX_LENGTH = 4000 };

/* Bits of a request's events. */
enum { EVENT_LOAD = 1, EVENT_FREE = 2, EVENT_GET = 4, EVENT_PUT = 8, EVENT_REQUEST = 16, EVENT_ALL = 31 };

struct event_name {
    const char *kernel; /* directory under events/module */
    const char *word;   /* in HELLO */
};
extern const struct event_name event_names[EVENT_COUNT]; /* in order of the bits */

struct start_request {
    unsigned events;
    bool stack_traces;
    bool exclude; /* the names are those not to record */
    unsigned buffer_kib;
    unsigned name_count;
    char names[NAME_MAX_COUNT][NAME_MAX_LENGTH + 1]; /* with underscores, as the kernel has them */
};

/* Reads the body of a START frame; NULL when it is good, and only then is `request` whole. */
const struct refusal *read_start_request(const unsigned char *body, size_t length, struct start_request *request);

/* Writes the filter for module_get and module_put; empty without names. Fits, since read_start_request saw to it. */
void write_filter(const struct start_request *request, char text[FILTER_MAX_LENGTH + 1]);

/* ---- Frames (frames.c): 1 byte type, 3 bytes length, body ---- */

enum { FRAME_HEADER = 4, FRAME_MAX = 4096, FRAME_BODY_MAX = FRAME_MAX - FRAME_HEADER };

/* Set by SIGTERM, SIGINT, SIGHUP and others that would end a process, which arrive only while waiting in ppoll with `waiting_mask`. */
extern volatile sig_atomic_t stop_signal;
extern sigset_t waiting_mask;
void block_stop_signals(void);

int64_t monotonic_ns(void);

/* Packs a frame, or only its header where the body is in place already; returns its length. */
size_t pack_frame(unsigned char frame[FRAME_MAX], char type, const void *body, size_t length);

/* Sends one frame, or a text in as many as it needs: each part follows the prefix, whose first byte becomes 1 in the
 * last. Gives up for good when nobody reads for a while: never blocks an end. */
bool send_frame(char type, const void *body, size_t length);
bool send_parts(char type, unsigned char *prefix, size_t prefix_length, const char *text, size_t length);
size_t write_refusal(const struct refusal *refusal, int error, char *text, size_t capacity);
bool send_refusal(const struct refusal *refusal, int error);
bool send_bye(const char *reason, const char *instance);

enum received { RECEIVED, RECEIVED_END, RECEIVED_BROKEN, RECEIVED_TOO_LATE, RECEIVED_SIGNAL };

/* Takes exactly one frame from stdin, and not a byte of the next. */
enum received receive_frame(char *type, unsigned char *body, size_t *length, int timeout_ms);

/* ---- tracefs (tracefs.c) ---- */

struct tracefs_place {
    const char *path;
    long magic;
};

/* Opens the first of the places that is what it should be; −1 with errno. */
int open_tracefs(const struct tracefs_place *places, size_t count, const char **where);
/* The whole text, NUL-terminated and cut at capacity − 1; −1 with errno. */
ssize_t read_text(int directory, const char *path, char *text, size_t capacity);
/* Zeros for the places of modules in the kernel's memory: root reads them, and the caller must not learn them. Lengths
 * stay as they are. */
void blank_addresses(char *text, size_t length);
/* One write of one setting, as `echo text > path` would do it. */
bool write_text(int directory, const char *path, const char *text);

/* The two calls that make and remove an instance (kernel-calls.c): the tests link a kernel of their own instead. */
int kernel_make_instance(int instances, const char *name);
int kernel_remove_instance(int instances, const char *name);

/* ---- Our own instance (instance.c) ---- */

struct instance {
    int instances; /* directory fds */
    int directory;
    char name[32];
};

struct arming {
    unsigned events; /* the bits that could be enabled */
    bool record_tgid;
    char clock[24];
    char buffer_kib[32]; /* as the kernel rounded it */
};

/* Makes it, after removing those that dead helpers left behind: their number goes to `swept`. */
const struct refusal *make_instance(int tracefs, struct instance *instance, unsigned *swept);
/* Everything but enabling the events. */
const struct refusal *configure_instance(const struct instance *instance, const struct start_request *request,
                                         struct arming *arming);
const struct refusal *enable_events(const struct instance *instance, struct arming *arming);
bool clear_instance(const struct instance *instance);
/* Ends all recording in it and removes it, waiting a while for others who look into it. */
bool remove_instance(struct instance *instance);

/* ---- Lost events (cpu-counts.c) ---- */

struct cpu_counts {
    unsigned cpu;
    int stats; /* fd of per_cpu/cpuN/stats, readable without root once it is open */
    uint64_t entries, overrun, commit_overrun, dropped, read;
    bool changed;
};

struct counts {
    size_t length;
    struct cpu_counts *cpus;
    int tracing_on; /* fd */
    bool on, on_changed;
};

bool open_counts(const struct instance *instance, struct counts *counts);
/* Reads them all and marks what changed; true when something did. */
bool read_counts(struct counts *counts);
/* The same at the end, all of them: whether it is on is not looked at, for by then the helper itself has switched it off. */
void read_last_counts(struct counts *counts);
/* Writes as many changed lines as fit and unmarks them; 0 when there is nothing more to say. */
size_t write_counts(struct counts *counts, char *text, size_t capacity);
/* Closes the files; the numbers stay until free_counts. */
void close_counts(struct counts *counts);
void free_counts(struct counts *counts);

/* ---- The verbs ---- */

struct helper {
    const struct tracefs_place *places;
    size_t place_count;
    const char *system; /* where /proc and /sys are: "/", and in tests a tree of files */
    int look_ms;        /* how long a look may take, which a dead filesystem can hold up for ever */
    bool is_root;       /* else only SNAPSHOT is answered, as far as this user may see */
    uid_t pump_uid; /* who the pump becomes */
    bool drops;     /* false only where a test runs without root */
};

/* START: recording until told to stop (janitor.c, pump.c). Returns the exit status. */
int record_modules(const struct helper *helper, const struct start_request *request);
/* TRACEFS: what there is to see, and nothing else (read-tracefs.c). */
int read_tracefs(const struct helper *helper);
/* SNAPSHOT: what /proc and /sys say, as often as it is asked for (read-snapshot.c). */
int read_snapshots(const struct helper *helper, const unsigned char *body, size_t length);
/* The whole conversation: one request, one answer. */
int serve(const struct helper *helper);

struct pump {
    int trace_pipe;
    int janitor; /* a socket for single bytes: 'C' clear, answered by 'C' or 'X'; 'Q' stop */
    struct counts *counts;
};

bool send_byte(int socket, char byte);

/* Exit statuses of the pump: why it ended. Anything else: it was killed. */
enum pump_end { PUMP_STOP = 40, PUMP_STDIN_CLOSED, PUMP_STDOUT_CLOSED, PUMP_SIGNAL, PUMP_FAILED };
/* What takes root, before it is given up: room in stdout, and its turn before those who make the events. Each where it
 * may; the pump works without. */
void ready_pump(void);
_Noreturn void run_pump(const struct pump *pump);

/* The uid that the pump takes: that of who asked, and never root's (privileges.c). */
bool find_pump_uid(uid_t *uid);
bool drop_privileges(uid_t uid, pid_t parent);

#endif
