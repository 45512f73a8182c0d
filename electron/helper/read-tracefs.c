/* What a person would look up in tracefs by hand: read, never written, and told as it is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "helper.h"

enum { TEXT_MAX = 256 * 1024, PATH_MAX_LENGTH = 512, INSTANCE_MAX = 64 };

static const char *const files[] = {
    "tracing_on",           "current_tracer",        "available_tracers",     "trace_clock",
    "buffer_size_kb",       "buffer_total_size_kb",  "trace_options",         "set_event",
    "events/module/enable", "events/module/filter",
};
static const char *const event_files[] = {"enable", "filter", "trigger", "format"};
static const char *const instance_files[] = {"tracing_on", "current_tracer", "trace_clock", "buffer_size_kb",
                                             "set_event"};

/* Body of F: whether this part is the last, the errno that reading ended with, the name, NUL, the text. */
static void send_fact(const char *name, int error, const char *text, size_t length) {
    unsigned char prefix[PATH_MAX_LENGTH + 3] = {0, (unsigned char)error};
    size_t name_length = strlen(name);
    memcpy(prefix + 2, name, name_length + 1);
    send_parts('F', prefix, name_length + 3, text, length);
}

static void send_file(int tracefs, const char *path, char *text) {
    ssize_t length = read_text(tracefs, path, text, TEXT_MAX);
    send_fact(path, length < 0 ? errno : 0, text, length < 0 ? 0 : (size_t)length);
}

static void send_instances(int tracefs, char *text) {
    char path[PATH_MAX_LENGTH];
    int copy = openat(tracefs, "instances", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (directory == NULL) {
        send_fact("instances", errno, "", 0);
        return;
    }
    int instances = 0;
    for (struct dirent *entry; instances < INSTANCE_MAX && (entry = readdir(directory)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        instances++;
        for (size_t i = 0; i < sizeof instance_files / sizeof *instance_files; i++) {
            snprintf(path, sizeof path, "instances/%s/%s", entry->d_name, instance_files[i]);
            send_file(tracefs, path, text);
        }
    }
    closedir(directory);
}

int read_tracefs(const struct helper *helper) {
    const char *place;
    int tracefs = open_tracefs(helper->places, helper->place_count, &place);
    char *text = tracefs < 0 ? NULL : malloc(TEXT_MAX);
    if (text == NULL) {
        send_refusal(errno == EPERM || errno == EACCES ? &tracefs_forbidden : &no_tracefs, errno);
        send_bye("failed", "none");
        return 1;
    }
    struct utsname kernel;
    if (uname(&kernel) == 0) send_fact("kernel", 0, kernel.release, strlen(kernel.release));
    send_fact("place", 0, place, strlen(place));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) send_file(tracefs, files[i], text);
    char path[PATH_MAX_LENGTH];
    for (size_t event = 0; event < EVENT_COUNT; event++) {
        for (size_t i = 0; i < sizeof event_files / sizeof *event_files; i++) {
            snprintf(path, sizeof path, "events/module/%s/%s", event_names[event].kernel, event_files[i]);
            send_file(tracefs, path, text);
        }
    }
    send_instances(tracefs, text);
    free(text);
    close(tracefs);
    send_bye("done", "none");
    return 0;
}
