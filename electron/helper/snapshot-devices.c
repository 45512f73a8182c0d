/* Block devices and what they are built of, and the devices that somebody has open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

enum { PATH_ROOM = 512, PARTITIONS_MAX = 256, DEVICES_MAX = 4096 };

/* Where a link leads, from the root: `sys/devices/…` for a link that says `../../devices/…`. */
static bool resolve(struct look *look, const char *link, char path[PATH_ROOM]) {
    char target[PATH_ROOM];
    if (!read_link(look->root, link, target, sizeof target)) return false;
    const char *devices = strstr(target, "devices/");
    if (strncmp(target, "../", 3) != 0 || devices == NULL) return false;
    return snprintf(path, PATH_ROOM, "sys/%s", devices) < PATH_ROOM;
}

void add_driver_modules(struct look *look, const char *path, struct text *text) {
    char at[PATH_ROOM], link[PATH_ROOM + 16], target[PATH_ROOM];
    snprintf(at, sizeof at, "%s", path);
    /* sys/devices itself has no driver. */
    for (char *end; (end = strrchr(at, '/')) != NULL && strcmp(at, "sys/devices") != 0; *end = '\0') {
        snprintf(link, sizeof link, "%s/driver", at);
        if (!read_link(look->root, link, target, sizeof target)) continue;
        snprintf(link, sizeof link, "%s/driver/module", at);
        /* A driver without a module is built in. */
        if (!read_link(look->root, link, target, sizeof target)) snprintf(target, sizeof target, ".");
        const char *name = strrchr(target, '/');
        name = name == NULL ? target : name + 1;
        add_bytes(text, name, strlen(name));
        add_bytes(text, "/", 1);
    }
}

static void add_line(struct look *look, const char *folder, const char *name, struct text *text) {
    char path[PATH_ROOM + 64], line[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    read_line(look->root, path, line, sizeof line);
    add_field(text, line);
}

static void add_names(struct look *look, const char *folder, const char *name, struct text *text) {
    char path[PATH_ROOM + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    list_names(look->root, path, text);
    add_field(text, "");
}

/* Folders with a `partition` in them: name and number, each followed by a slash. */
static void add_partitions(struct look *look, const char *folder, const char *disk, struct text *text) {
    char path[2 * PATH_ROOM], number[64];
    struct text names = {0};
    unsigned partitions = 0;
    list_names(look->root, folder, &names);
    size_t place = 0;
    for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
        if (strncmp(at, disk, strlen(disk)) != 0 || partitions >= PARTITIONS_MAX) continue;
        snprintf(path, sizeof path, "%s/%s/dev", folder, at);
        if (!read_line(look->root, path, number, sizeof number)) continue;
        partitions++;
        add_bytes(text, at, strlen(at));
        add_bytes(text, "/", 1);
        add_bytes(text, number, strlen(number));
        add_bytes(text, "/", 1);
    }
    free_text(&names);
    add_field(text, "");
}

static void look_at_block_device(struct look *look, const char *name) {
    static const char *const lines[] = {"loop/backing_file", "queue/scheduler", "dm/name", "dm/uuid", "md/level"};
    char link[PATH_ROOM], folder[PATH_ROOM], title[PATH_ROOM];
    snprintf(link, sizeof link, "sys/block/%s", name);
    if (!resolve(look, link, folder)) snprintf(folder, sizeof folder, "%s", link);
    struct text *text = &look->scratch;
    clear_text(text);
    add_line(look, folder, "dev", text);
    add_partitions(look, folder, name, text);
    add_names(look, folder, "holders", text);
    add_names(look, folder, "slaves", text);
    add_field(text, folder);
    add_driver_modules(look, folder, text);
    add_field(text, "");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) add_line(look, folder, lines[i], text);
    snprintf(title, sizeof title, ":block %s", name);
    send_text(title, 0, text);
}

void look_at_block_devices(struct look *look) {
    struct text names = {0};
    unsigned devices = 0;
    if (list_names(look->root, "sys/block", &names) < 0 && errno != ENOENT) send_text("/sys/block", errno, NULL);
    size_t place = 0;
    for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
        if (devices++ < DEVICES_MAX && strlen(at) < 128) look_at_block_device(look, at);
    }
    free_text(&names);
}

static void look_at_device(struct look *look, char type, unsigned major, unsigned minor) {
    char link[PATH_ROOM], folder[PATH_ROOM], path[PATH_ROOM + 16], target[PATH_ROOM], title[64];
    struct text *text = &look->scratch;
    clear_text(text);
    snprintf(link, sizeof link, "sys/dev/%s/%u:%u", type == 'b' ? "block" : "char", major, minor);
    if (resolve(look, link, folder)) {
        add_field(text, folder);
        snprintf(path, sizeof path, "%s/subsystem", folder);
        read_link(look->root, path, target, sizeof target);
        add_field(text, target);
        snprintf(path, sizeof path, "%s/uevent", folder);
        read_file(look, look->root, path, text);
        add_field(text, "");
        add_driver_modules(look, folder, text);
        add_field(text, "");
    }
    snprintf(title, sizeof title, ":device %c%u:%u", type, major, minor);
    send_text(title, 0, text);
}

void look_at_devices(struct look *look) {
    for (size_t i = 0; i < look->devices.capacity; i++) {
        const struct table_entry *entry = &look->devices.entries[i];
        if (entry->a == 0) continue;
        look_at_device(look, (char)entry->a, (unsigned)(entry->b >> 32), (unsigned)entry->b);
    }
}
