/* Loaded modules, by their folders in /sys/module: a name in /proc/modules may hold blanks. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

enum { NAME_ROOM = 256, PATH_ROOM = 320 };

static struct text loaded; /* names, each followed by a slash */

static void add_file(int folder, const char *name, struct text *text) {
    char line[NAME_ROOM];
    read_line(folder, name, line, sizeof line);
    add_field(text, line);
}

static void add_folder(int folder, const char *name, struct text *text) {
    list_names(folder, name, text);
    add_bytes(text, "", 1);
}

static void look_at_module(struct look *look, const char *name) {
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "sys/module/%s", name);
    int folder = openat(look->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    /* What is built in has parameters at most. */
    if (faccessat(folder, "initstate", F_OK, 0) == 0) {
        struct text *text = &look->scratch;
        clear_text(text);
        add_file(folder, "refcnt", text);
        add_file(folder, "initstate", text);
        add_file(folder, "taint", text);
        add_folder(folder, "holders", text);
        add_folder(folder, "drivers", text);
        snprintf(path, sizeof path, ":module %s", name);
        send_text(path, 0, text);
        add_bytes(&loaded, name, strlen(name));
        add_bytes(&loaded, "/", 1);
    }
    close(folder);
}

static void send_modules_file(struct look *look) {
    clear_text(&look->scratch);
    bool is_read = read_file(look, look->root, "proc/modules", &look->scratch);
    int error = is_read ? 0 : errno;
    blank_addresses(look->scratch.bytes, look->scratch.length);
    send_text("/proc/modules", error, &look->scratch);
}

void look_at_modules(struct look *look) {
    send_modules_file(look);
    struct text names = {0};
    if (list_names(look->root, "sys/module", &names) < 0) {
        send_text("/sys/module", errno, NULL);
        return;
    }
    size_t place = 0;
    for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
        if (strlen(at) < NAME_ROOM) look_at_module(look, at);
    }
    free_text(&names);
}

/* Once more at the end: a number that changed meanwhile tells that the look raced with the system. */
void look_at_refcounts(struct look *look) {
    struct text text = {0};
    char path[PATH_ROOM], count[32];
    size_t place = 0;
    for (char *at; (at = next_piece(&loaded, &place, '/')) != NULL;) {
        snprintf(path, sizeof path, "sys/module/%s/refcnt", at);
        read_line(look->root, path, count, sizeof count);
        add_field(&text, at);
        add_field(&text, count);
    }
    send_text(":refcounts", 0, &text);
    free_text(&text);
    free_text(&loaded);
}
