/* Our own trace instance: made, set up, checked and removed. Nothing outside instances/modshark-<pid> is written. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

#define INSTANCE_PREFIX "modshark-"
enum { REMOVE_TRIES = 40, REMOVE_PAUSE_MS = 50 };

/* A new instance inherits the options of the global one, so whoever traces there decides how our lines look. These
 * give the plain text of trace_pipe. Source: TRACE_FLAGS in kernel/trace/trace.h; no kernel has all of them. */
static const struct {
    const char *path;
    const char *value;
} plain_text[] = {
    {"options/overwrite", "1"},    {"options/context-info", "1"}, {"options/irq-info", "1"},
    {"options/hash-ptr", "1"},     {"options/raw", "0"},          {"options/hex", "0"},
    {"options/bin", "0"},          {"options/block", "0"},        {"options/fields", "0"},
    {"options/verbose", "0"},      {"options/annotate", "0"},     {"options/latency-format", "0"},
    {"options/sym-offset", "0"},   {"options/sym-addr", "0"},     {"options/stacktrace", "0"},
    {"options/userstacktrace", "0"},
};

static bool is_running(pid_t pid) {
    char path[48], own[32], other[32];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    if (read_text(AT_FDCWD, "/proc/self/comm", own, sizeof own) < 0) return true;
    if (read_text(AT_FDCWD, path, other, sizeof other) < 0) return errno != ENOENT && errno != ESRCH;
    return strcmp(own, other) == 0;
}

/* The pid in the name of an instance that some helper made; 0 for everybody else's. */
static pid_t helper_pid(const char *name) {
    if (strncmp(name, INSTANCE_PREFIX, sizeof INSTANCE_PREFIX - 1) != 0) return 0;
    const char *digits = name + sizeof INSTANCE_PREFIX - 1;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 9 || digits[length] != '\0') return 0;
    return (pid_t)strtol(digits, NULL, 10);
}

static unsigned sweep_instances(int instances) {
    int copy = openat(instances, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (directory == NULL) return 0;
    unsigned swept = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        pid_t pid = helper_pid(entry->d_name);
        /* One that bears our own pid is a dead one's. Where another still reads, the kernel says busy, and it stays. */
        if (pid > 0 && (pid == getpid() || !is_running(pid)) && kernel_remove_instance(instances, entry->d_name) == 0) {
            swept++;
        }
    }
    closedir(directory);
    return swept;
}

const struct refusal *make_instance(int tracefs, struct instance *instance, unsigned *swept) {
    snprintf(instance->name, sizeof instance->name, INSTANCE_PREFIX "%d", (int)getpid());
    instance->directory = -1;
    instance->instances = openat(tracefs, "instances", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (instance->instances < 0) return &instance_failed;
    *swept = sweep_instances(instance->instances);
    if (kernel_make_instance(instance->instances, instance->name) < 0) return &instance_failed;
    instance->directory =
        openat(instance->instances, instance->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (instance->directory >= 0) return NULL;
    int error = errno;
    kernel_remove_instance(instance->instances, instance->name);
    errno = error;
    return &instance_failed;
}

static void event_path(char path[64], size_t event, const char *file) {
    snprintf(path, 64, "events/module/%s/%s", event_names[event].kernel, file);
}

/* A filter counts only when the kernel tells it back word for word: it accepts some that it does not understand. */
static const struct refusal *set_filter(const struct instance *instance, size_t event, const char *filter) {
    char path[64], back[FILTER_MAX_LENGTH + 64];
    event_path(path, event, "filter");
    if (!write_text(instance->directory, path, filter)) return &filter_refused;
    if (read_text(instance->directory, path, back, sizeof back) < 0) return &filter_refused;
    back[strcspn(back, "\n")] = '\0';
    errno = EINVAL;
    return strcmp(back, filter) == 0 ? NULL : &filter_refused;
}

/* The trigger needs the filter too: it fires for every event, also for those that the event's filter throws away
 * (__event_trigger_test_discard in kernel/trace/trace.h). */
static const struct refusal *set_stack_trigger(const struct instance *instance, size_t event, const char *filter) {
    char path[64], trigger[FILTER_MAX_LENGTH + 32], back[FILTER_MAX_LENGTH + 256];
    event_path(path, event, "trigger");
    snprintf(trigger, sizeof trigger, "stacktrace%s%s", filter[0] == '\0' ? "" : " if ", filter);
    if (!write_text(instance->directory, path, trigger)) return &trigger_refused;
    if (read_text(instance->directory, path, back, sizeof back) < 0) return &trigger_refused;
    errno = EINVAL;
    bool taken = strncmp(back, "stacktrace", sizeof "stacktrace" - 1) == 0 && strstr(back, filter) != NULL;
    return taken ? NULL : &trigger_refused;
}

static void read_clock(const struct instance *instance, char clock[24]) {
    char text[256];
    snprintf(clock, 24, "unknown");
    if (read_text(instance->directory, "trace_clock", text, sizeof text) < 0) return;
    const char *chosen = strchr(text, '[');
    size_t length = chosen == NULL ? 0 : strcspn(chosen + 1, "]");
    if (length > 0 && length < 24) snprintf(clock, 24, "%.*s", (int)length, chosen + 1);
}

const struct refusal *configure_instance(const struct instance *instance, const struct start_request *request,
                                         struct arming *arming) {
    char text[32], path[64], filter[FILTER_MAX_LENGTH + 1];
    int directory = instance->directory;
    for (size_t i = 0; i < sizeof plain_text / sizeof *plain_text; i++) {
        write_text(directory, plain_text[i].path, plain_text[i].value); /* where the kernel has it */
    }
    arming->record_tgid = write_text(directory, "options/record-tgid", "1");

    snprintf(text, sizeof text, "%u", request->buffer_kib);
    if (!write_text(directory, "buffer_size_kb", text)) return &buffer_refused;
    if (read_text(directory, "buffer_size_kb", arming->buffer_kib, sizeof arming->buffer_kib) < 0) {
        return &buffer_refused;
    }
    arming->buffer_kib[strcspn(arming->buffer_kib, "\n")] = '\0';
    write_text(directory, "trace_clock", "mono"); /* HELLO names the clock that it became */
    read_clock(instance, arming->clock);

    write_filter(request, filter);
    arming->events = 0;
    for (size_t event = 0; event < EVENT_COUNT; event++) {
        unsigned bit = 1u << event;
        event_path(path, event, "enable");
        if ((request->events & bit) == 0 || faccessat(directory, path, F_OK, 0) != 0) continue;
        arming->events |= bit;
        if ((bit & (EVENT_GET | EVENT_PUT)) == 0) continue; /* load and free tell who depends on whom: never filtered */
        const struct refusal *refusal = NULL;
        if (filter[0] != '\0') refusal = set_filter(instance, event, filter);
        if (refusal == NULL && request->stack_traces) refusal = set_stack_trigger(instance, event, filter);
        if (refusal != NULL) return refusal;
    }
    errno = ENOENT;
    return arming->events == 0 ? &no_module_events : NULL;
}

const struct refusal *enable_events(const struct instance *instance, struct arming *arming) {
    char path[64], back[16];
    for (size_t event = 0; event < EVENT_COUNT; event++) {
        if ((arming->events & 1u << event) == 0) continue;
        event_path(path, event, "enable");
        if (!write_text(instance->directory, path, "1")) return &events_refused;
        if (read_text(instance->directory, path, back, sizeof back) < 0 || back[0] != '1') return &events_refused;
    }
    return NULL;
}

bool clear_instance(const struct instance *instance) {
    /* tracing_open in kernel/trace/trace.c: opening for writing with O_TRUNC is what erases. */
    int file = openat(instance->directory, "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file < 0) return false;
    close(file);
    return true;
}

bool remove_instance(struct instance *instance) {
    char path[64];
    for (size_t event = 0; event < EVENT_COUNT; event++) {
        event_path(path, event, "enable");
        write_text(instance->directory, path, "0"); /* so that it costs nothing even while somebody keeps it busy */
    }
    close(instance->directory);
    bool removed = false;
    for (int tries = 0; tries < REMOVE_TRIES && !removed; tries++) {
        if (tries > 0) poll(NULL, 0, REMOVE_PAUSE_MS);
        removed = kernel_remove_instance(instance->instances, instance->name) == 0;
        if (!removed && errno != EBUSY) break;
    }
    close(instance->instances);
    return removed;
}
