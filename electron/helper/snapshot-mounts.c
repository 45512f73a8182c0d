/* What is mounted, in every mount namespace that some process is in, and who stands on it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

enum {
    STANDING_TOLD = 64,     /* of one superblock; the rest is counted */
    STANDING_ALIKE = 3,     /* of one process in one way: 5,000 open files of one program say no more than three */
    SUPERBLOCKS_MAX = 16384,
    TOLD_MAX = 32 * 1024 * 1024, /* of mounts: whoever has namespaces of his own has as many as he likes */
};

/* Filesystems whose open files may each hold the module that made them. */
static const char *const file_holders[] = {
    "proc",     "debugfs",    "tracefs",     "configfs", "securityfs", "rpc_pipefs",
    "nfsd",     "functionfs", "binfmt_misc", "gadgetfs", "bpf",        "ocfs2_dlmfs",
};

enum { MOUNT_KNOWN = 1, MOUNT_HOLDS_MODULES = 2 };

struct standing {
    uint64_t filesystem;
    unsigned long count;
    unsigned told, alike;
    unsigned last_pid;
    const char *last_how;
    struct text text;
    char witness[96]; /* a link to a file of it, below the root */
};

static struct table superblocks; /* filesystem → place in standings + 1 */
static struct standing *standings;
static size_t standing_count, standing_capacity;
static struct table filesystems; /* filesystem → MOUNT_… of those that are mounted somewhere */

static unsigned long judge_type(const char *type) {
    for (size_t i = 0; i < sizeof file_holders / sizeof *file_holders; i++) {
        if (strcmp(type, file_holders[i]) == 0) return MOUNT_KNOWN | MOUNT_HOLDS_MODULES;
    }
    return MOUNT_KNOWN;
}

/* proc_pid_mountinfo(5): id, parent, major:minor, …, " - ", type, source, options. */
static void note_mount(struct look *look, char *line) {
    unsigned long long id;
    unsigned major, minor;
    char type[32];
    const char *rest = strstr(line, " - ");
    if (sscanf(line, "%llu %*u %u:%u", &id, &major, &minor) != 3 || rest == NULL) return;
    if (sscanf(rest, " - %31s", type) != 1) return;
    uint64_t filesystem = (uint64_t)major << 32 | minor;
    bool added;
    *find_or_add(&look->mounts, id, 1, &added) = filesystem;
    *find_or_add(&filesystems, filesystem, 1, &added) = judge_type(type);
    if (strcmp(type, "binfmt_misc") == 0) look->binfmt_misc = true;
}

void look_at_mounts(struct look *look, const char *directory, uint64_t namespace, const char *pid) {
    bool added;
    find_or_add(&look->namespaces, namespace, 1, &added);
    if (!added) return;
    char path[64], name[96];
    snprintf(path, sizeof path, "%s/mountinfo", directory);
    struct text text = {0};
    bool is_read = read_file(look, look->root, path, &text);
    snprintf(name, sizeof name, ":mounts %llu %s", (unsigned long long)namespace, pid);
    int error = is_read ? 0 : errno;
    static size_t told;
    if (told + text.length > TOLD_MAX) send_text(name, EFBIG, NULL);
    else send_text(name, error, &text);
    told += text.length;
    size_t place = 0;
    for (char *line; (line = next_piece(&text, &place, '\n')) != NULL;) {
        note_mount(look, line);
    }
    free_text(&text);
}

/* The filesystem by its mount: on btrfs and overlayfs, files may have device numbers that no mount has. */
static uint64_t filesystem_of(const struct look *look, const struct file_facts *facts) {
    const uint64_t *mounted = facts->mount == 0 ? NULL : find(&look->mounts, facts->mount, 1);
    return mounted == NULL ? facts->filesystem : *mounted;
}

bool holds_modules(const struct look *look, const struct file_facts *facts) {
    const uint64_t *judged = find(&filesystems, filesystem_of(look, facts), 1);
    return judged != NULL && (*judged & MOUNT_HOLDS_MODULES) != 0;
}

void add_standing(struct look *look, const struct file_facts *facts, const struct stander *stander) {
    uint64_t filesystem = filesystem_of(look, facts);
    bool added;
    if (standing_count >= SUPERBLOCKS_MAX && find(&superblocks, filesystem, 1) == NULL) return;
    uint64_t *place = find_or_add(&superblocks, filesystem, 1, &added);
    if (added) {
        standings = grow_array(standings, &standing_capacity, standing_count, sizeof *standings);
        const struct standing first = {.filesystem = filesystem};
        standings[standing_count] = first;
        snprintf(standings[standing_count].witness, sizeof first.witness, "%s", stander->place);
        *place = ++standing_count;
    }
    struct standing *standing = &standings[*place - 1];
    standing->count++;
    bool again = standing->last_pid == stander->pid && standing->last_how == stander->how;
    standing->alike = again ? standing->alike + 1 : 0;
    standing->last_pid = stander->pid;
    standing->last_how = stander->how;
    if (standing->told >= STANDING_TOLD || standing->alike >= STANDING_ALIKE) return;
    standing->told++;
    add_number(&standing->text, stander->pid);
    add_field(&standing->text, "");
    add_field(&standing->text, stander->how);
    add_field(&standing->text, stander->link);
}

static void name_standing(const struct standing *standing, const char *sort, char name[64]) {
    snprintf(name, 64, ":%s %u:%u", sort, (unsigned)(standing->filesystem >> 32), (unsigned)standing->filesystem);
}

void send_standings(struct look *look) {
    char name[64];
    for (size_t i = 0; i < standing_count; i++) {
        struct standing *standing = &standings[i];
        clear_text(&look->scratch);
        add_number(&look->scratch, standing->count);
        add_field(&look->scratch, "");
        add_bytes(&look->scratch, standing->text.bytes, standing->text.length);
        name_standing(standing, "standing", name);
        send_text(name, 0, &look->scratch);
    }
}

/* Nothing but the file itself tells what kind of filesystem an unmounted one is. A server or a daemon may never
 * answer, so this comes last: whoever waits for the look has everything else by then. */
void name_lost_superblocks(struct look *look) {
    char name[64];
    for (size_t i = 0; i < standing_count; i++) {
        const struct standing *standing = &standings[i];
        unsigned long magic;
        if (find(&filesystems, standing->filesystem, 1) != NULL) continue;
        if (!kernel_name_filesystem(look->root, standing->witness, standing->filesystem, &magic)) continue;
        clear_text(&look->scratch);
        add_formatted(&look->scratch, "%lx", magic);
        name_standing(standing, "magic", name);
        send_text(name, 0, &look->scratch);
    }
}
