/* Every process: who it is, what it has open, where it stands. No command line, no environment, no contents. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "snapshot.h"

enum {
    LINK_ROOM = 4096,
    PLACE_ROOM = 96,
    PROCESSES_MAX = 32768,
    TABLES_MAX = 16, /* of one process: threads that have descriptors of their own */
    FILES_MAX = 262144, /* of all processes: more are counted, and told as not looked at */
    KERNEL_THREAD = 0x00200000, /* PF_KTHREAD in include/linux/sched.h, the ninth field of stat */
    INFO_MAX = 4096,
};

struct process {
    struct look *look;
    unsigned pid;
    unsigned task; /* whose descriptors: the process itself, or a thread that has its own */
    const char *digits;
    int folder; /* /proc/PID, by descriptor: a pid that comes back is another folder */
    bool kernel_thread;
    unsigned long long mounts, network;
};

static unsigned long files_seen, files_left;

/* Field by number, as proc_pid_stat(5) counts, of those behind the name, which may hold anything. */
static unsigned long long stat_field(const char *stat, unsigned number) {
    const char *at = strrchr(stat, ')');
    for (unsigned field = 2; at != NULL && field < number; field++) at = strchr(at + 1, ' ');
    return at == NULL ? 0 : strtoull(at, NULL, 10);
}

static void add_uid(const struct process *process, struct text *text) {
    char status[4096];
    const char *line = NULL;
    if (!process->kernel_thread && read_text(process->folder, "status", status, sizeof status) > 0) {
        line = strstr(status, "\nUid:\t");
    }
    add_number(text, line == NULL ? 0 : strtoull(line + 6, NULL, 10));
    add_field(text, "");
}

static void stand(const struct process *process, const char *name, const char *how, const char *link,
                  struct file_facts *facts) {
    char place[PLACE_ROOM];
    snprintf(place, sizeof place, "proc/%s/%s", process->digits, name);
    const struct stander stander = {.pid = process->pid, .how = how, .link = link, .place = place};
    add_standing(process->look, facts, &stander);
}

static void look_at_place(const struct process *process, const char *name, char link[LINK_ROOM]) {
    struct file_facts facts;
    if (!read_link(process->folder, name, link, LINK_ROOM)) return;
    if (kernel_look_at_file(process->folder, name, &facts)) stand(process, name, name, link, &facts);
}

/* `net:[4026531840]` */
static unsigned long long read_namespace(const struct process *process, const char *name) {
    char path[16], link[64];
    snprintf(path, sizeof path, "ns/%s", name);
    if (!read_link(process->folder, path, link, sizeof link)) return 0;
    const char *bracket = strchr(link, '[');
    return bracket == NULL ? 0 : strtoull(bracket + 1, NULL, 10);
}

static void add_namespaces(struct process *process, struct text *text) {
    process->mounts = read_namespace(process, "mnt");
    process->network = read_namespace(process, "net");
    unsigned long long pids = read_namespace(process, "pid"), users = read_namespace(process, "user");
    add_formatted(text, "%llu %llu %llu %llu", process->mounts, process->network, pids, users);
    add_field(text, "");
}

/* Lines of fdinfo that say more than where one is in which file. */
static unsigned read_info(const struct process *process, const char *fd, char info[INFO_MAX]) {
    char path[32], text[INFO_MAX];
    unsigned flags = 0;
    snprintf(path, sizeof path, "fdinfo/%s", fd);
    info[0] = '\0';
    if (read_text(process->folder, path, text, sizeof text) < 0) return 0;
    static const char *const dull[] = {"pos:", "mnt_id:", "ino:"};
    size_t length = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        bool told = true;
        for (size_t i = 0; i < sizeof dull / sizeof *dull; i++) {
            if (strncmp(line, dull[i], strlen(dull[i])) == 0) told = false;
        }
        if (strncmp(line, "flags:", 6) == 0) flags = (unsigned)strtoul(line + 6, NULL, 8);
        else if (told) {
            memcpy(info + length, line, (size_t)(end + 1 - line));
            length += (size_t)(end + 1 - line);
        }
    }
    info[length] = '\0';
    return flags;
}

/* Anonymous files of the kernel proper: no module ever makes one. */
static bool is_ever_present(const char *link) {
    static const char *const built_in[] = {
        "anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:[timerfd]", "anon_inode:[signalfd]",
        "anon_inode:[pidfd]",     "anon_inode:inotify",   "anon_inode:[fanotify]",
    };
    for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++) {
        if (strcmp(link, built_in[i]) == 0) return true;
    }
    return strncmp(link, "pipe:", 5) == 0;
}

/* null, zero and random (drivers/char/mem.c), and /dev/ptmx, are in every kernel and in no module. The terminal on its other
 * side may have a line discipline. */
static bool is_built_in(uint64_t device) {
    unsigned first = (unsigned)(device >> 32), second = (unsigned)device;
    return first == 1 || (first == 5 && second == 2);
}

/* What is to be told of an open file; 0 where none of it can matter to a module but the filesystem it lies on. */
static char judge_file(const struct process *process, const char *link, const struct file_facts *facts) {
    bool named = link[0] == '/' && strncmp(link, "/dmabuf:", 8) != 0;
    switch (facts->mode & S_IFMT) {
    case S_IFCHR: return is_built_in(facts->device) ? 0 : 'c';
    case S_IFBLK: return 'b';
    case S_IFREG:
    case S_IFDIR:
        if (!named) return strncmp(link, "/dmabuf:", 8) == 0 || strncmp(link, "anon_inode:", 11) == 0 ? 'a' : 0;
        if (strncmp(link, "/proc/", 6) == 0 && link[6] >= '0' && link[6] <= '9') return 0;
        if (!holds_modules(process->look, facts)) return 0;
        return (facts->mode & S_IFMT) == S_IFREG ? 'r' : 'd';
    case 0: return named || is_ever_present(link) ? 0 : 'a';
    default: return 0;
    }
}

static void note_device(struct look *look, char type, uint64_t device) {
    bool added;
    find_or_add(&look->devices, (uint64_t)type, device, &added);
}

static void look_at_file(const struct process *process, const char *name) {
    char path[32], link[LINK_ROOM], info[INFO_MAX];
    struct file_facts facts;
    unsigned fd = (unsigned)strtoul(name, NULL, 10);
    snprintf(path, sizeof path, "fd/%s", name);
    if (!read_link(process->folder, path, link, sizeof link) || is_ever_present(link)) return;
    if (strncmp(link, "socket:[", 8) == 0) {
        add_socket(process->folder, process->pid, fd, strtoull(link + 8, NULL, 10));
        return;
    }
    if (!kernel_look_at_file(process->folder, path, &facts)) return;
    if (link[0] == '/' && strncmp(link, "/dmabuf:", 8) != 0) stand(process, path, "fd", link, &facts);
    char type = judge_file(process, link, &facts);
    if (type == 0) return;
    if (type == 'c' || type == 'b') note_device(process->look, type, facts.device);
    struct opening opening = {
        .facts = facts, .pid = process->pid, .task = process->task, .fd = fd, .type = type};
    opening.flags = read_info(process, name, info);
    add_opening(&opening, link, info);
}

/* 0, or the errno of listing its open files. */
static int look_at_open_files(const struct process *process) {
    struct text names = {0};
    if (list_names(process->folder, "fd", &names) < 0) return errno;
    size_t place = 0;
    for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
        if (strspn(at, "0123456789") != strlen(at) || strlen(at) > 10) continue;
        if (files_seen++ < FILES_MAX) look_at_file(process, at);
        else files_left++;
    }
    free_text(&names);
    return 0;
}

static void look_at_thread(const struct process *process, unsigned task) {
    char digits[32], folder[24];
    snprintf(digits, sizeof digits, "%s/task/%u", process->digits, task);
    snprintf(folder, sizeof folder, "task/%u", task);
    struct process thread = *process;
    thread.task = task;
    thread.digits = digits;
    thread.folder = openat(process->folder, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (thread.folder < 0) return;
    look_at_open_files(&thread);
    close(thread.folder);
}

/* Threads mostly share their descriptors. One may have its own (unshare(2), CLONE_FILES), and where the first has ended,
 * what the others have open is listed with them alone. */
static void look_at_threads(const struct process *process) {
    struct text names = {0};
    unsigned tables[TABLES_MAX] = {process->task};
    size_t known = 1, place = 0;
    list_names(process->folder, "task", &names);
    for (char *at; known < TABLES_MAX && (at = next_piece(&names, &place, '/')) != NULL;) {
        unsigned task = (unsigned)strtoul(at, NULL, 10);
        bool own = task != 0;
        for (size_t i = 0; own && i < known; i++) {
            int order = kernel_compare_tables((pid_t)task, (pid_t)tables[i]);
            own = order == 1 || order == 2;
        }
        if (!own) continue;
        tables[known++] = task;
        look_at_thread(process, task);
    }
    free_text(&names);
}

/* ---- Memory: what is mapped stays open when its descriptor is closed ---- */

static struct table mapped; /* filesystem and inode of mapped files → the device it is, and its type */
static struct text mappings;

/* Files in /dev are looked at by name where map_files is forbidden: the kernel wants more rights for that. */
static bool look_at_mapped(const struct process *process, const char *name, const char *path,
                           struct file_facts *facts) {
    const struct file_facts mapped_file = *facts;
    if (kernel_look_at_file(process->folder, name, facts)) return true;
    /* In /dev/shm anybody has links to anywhere, and mounts that never answer. */
    if ((errno != EPERM && errno != EACCES) || strncmp(path, "/dev/shm/", 9) == 0) return false;
    if (strncmp(path, "/dev/", 5) != 0 || !kernel_look_at_file(process->look->root, path + 1, facts)) return false;
    /* What a container calls so is another file here. */
    if (facts->filesystem == mapped_file.filesystem && facts->inode == mapped_file.inode) return true;
    *facts = mapped_file;
    return false;
}

/* `7f5c8000-7f5c9000 rw-s 00000000 00:05 107   /dev/dri/card0`: proc_pid_maps(5). */
static void look_at_mapping(const struct process *process, char *line, uint64_t last[2]) {
    char range[40], name[64];
    unsigned major, minor;
    unsigned long long inode;
    int at = 0;
    if (sscanf(line, "%39s %*4s %*x %x:%x %llu %n", range, &major, &minor, &inode, &at) != 4 || inode == 0) return;
    const char *path = line + at;
    uint64_t filesystem = (uint64_t)major << 32 | minor;
    if (last[0] == filesystem && last[1] == inode) return; /* the next piece of the same file */
    last[0] = filesystem, last[1] = inode;
    bool added;
    uint64_t *known = find_or_add(&mapped, filesystem + 1, inode, &added);
    struct file_facts facts = {.filesystem = filesystem, .inode = inode};
    enum { IS_UNKNOWN = 0, IS_DEVICE = 1, IS_NAMELESS = 2, IS_PLAIN = 3 };
    snprintf(name, sizeof name, "map_files/%s", range);
    /* One that is gone before it is looked at says nothing of what others have mapped. */
    if (*known == IS_UNKNOWN && (path[0] != '/' || strncmp(path, "/dmabuf:", 8) == 0)) *known = IS_NAMELESS;
    bool looks = *known == IS_UNKNOWN || *known == IS_DEVICE, seen = looks && look_at_mapped(process, name, path, &facts);
    if (*known == IS_UNKNOWN && seen) {
        bool device = S_ISCHR(facts.mode) || S_ISBLK(facts.mode);
        *known = device && !is_built_in(facts.device) ? IS_DEVICE : IS_PLAIN;
    }
    if (*known == IS_UNKNOWN || *known == IS_PLAIN) {
        stand(process, name, "map", path, &facts);
        return;
    }
    if (*known == IS_DEVICE && !seen) return;
    char type = *known == IS_NAMELESS ? 'a' : (facts.mode & S_IFMT) == S_IFBLK ? 'b' : 'c';
    if (type != 'a') note_device(process->look, type, facts.device);
    add_formatted(&mappings, "%u %c %u:%u %u:%u %llu", process->pid, type, (unsigned)(facts.device >> 32),
                  (unsigned)facts.device, major, minor, inode);
    add_field(&mappings, "");
    add_field(&mappings, path);
}

static void look_at_maps(const struct process *process) {
    struct text text = {0};
    uint64_t last[2] = {0, 0};
    read_file(process->look, process->folder, "maps", &text);
    size_t place = 0;
    for (char *line; (line = next_piece(&text, &place, '\n')) != NULL;) {
        look_at_mapping(process, line, last);
    }
    free_text(&text);
}

/* ---- One process after the other ---- */

static unsigned own_pid; /* this look is no part of what it sees */
static unsigned long long own_network;

static bool is_own(const struct process *process, const char *stat) {
    unsigned parent = (unsigned)stat_field(stat, 4);
    return own_pid != 0 && (process->pid == own_pid || process->pid == (unsigned)getppid() || parent == own_pid);
}

/* Before its files: which of them may matter depends on where they lie. */
static void look_at_namespaces(struct process *process, struct text *text) {
    char path[PLACE_ROOM];
    snprintf(path, sizeof path, "proc/%s", process->digits);
    add_namespaces(process, text);
    if (process->mounts != 0) look_at_mounts(process->look, path, process->mounts, process->digits);
    bool added = false;
    if (process->network != 0) find_or_add(&process->look->namespaces, process->network, 2, &added);
    if (added) look_at_networks(process->look, process->network == own_network ? "proc" : path);
}

static void look_into_process(struct process *process, const char *stat) {
    char link[LINK_ROOM] = "", name[32];
    struct text text = {0}, namespaces = {0};
    look_at_namespaces(process, &namespaces);
    add_field(&text, stat);
    add_uid(process, &text);
    if (!process->kernel_thread) look_at_place(process, "exe", link);
    add_field(&text, link);
    if (!process->kernel_thread) {
        look_at_place(process, "cwd", link);
        look_at_place(process, "root", link);
        read_file(process->look, process->folder, "cgroup", &text);
    }
    add_field(&text, "");
    add_bytes(&text, namespaces.bytes, namespaces.length);
    if (stat_field(stat, 20) > 1) list_names(process->folder, "task", &text);
    add_field(&text, "");
    add_number(&text, process->kernel_thread ? 0 : (unsigned)look_at_open_files(process));
    add_field(&text, "");
    if (!process->kernel_thread && stat_field(stat, 20) > 1) look_at_threads(process);
    if (!process->kernel_thread) look_at_maps(process);
    snprintf(name, sizeof name, ":process %s", process->digits);
    send_text(name, 0, &text);
    free_text(&text);
    free_text(&namespaces);
}

static void look_at_process(struct look *look, const char *digits, bool whole) {
    char path[PLACE_ROOM], stat[1024];
    snprintf(path, sizeof path, "proc/%s", digits);
    struct process process = {.look = look, .pid = (unsigned)strtoul(digits, NULL, 10), .digits = digits};
    process.task = process.pid;
    process.folder = openat(look->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (process.folder < 0) return;
    if (!whole) {
        struct text text = {0};
        look_at_namespaces(&process, &text);
        free_text(&text);
    } else if (read_line(process.folder, "stat", stat, sizeof stat) && !is_own(&process, stat)) {
        process.kernel_thread = (stat_field(stat, 9) & KERNEL_THREAD) != 0;
        look_into_process(&process, stat);
    }
    close(process.folder);
}

/* Who started the helper, which we are a child of. */
static unsigned long long find_asker(const struct look *look) {
    char path[PLACE_ROOM], stat[1024];
    snprintf(path, sizeof path, "proc/%d/stat", (int)getppid());
    return read_line(look->root, path, stat, sizeof stat) ? stat_field(stat, 4) : 0;
}

static void tell_self(struct look *look, const char *digits) {
    char path[PLACE_ROOM];
    struct text text = {0};
    snprintf(path, sizeof path, "proc/%s", digits);
    struct process self = {.look = look, .digits = digits};
    self.folder = openat(look->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (self.folder < 0) return;
    own_pid = (unsigned)strtoul(digits, NULL, 10);
    add_namespaces(&self, &text);
    own_network = self.network;
    close(self.folder);
    add_number(&text, find_asker(look));
    add_field(&text, "");
    send_text(":self", 0, &text);
    free_text(&text);
}

static void tell_limit(const char *what, unsigned long count) {
    struct text text = {0};
    char name[48];
    add_number(&text, count);
    snprintf(name, sizeof name, ":left-out %s", what);
    send_text(name, 0, &text);
    free_text(&text);
}

void look_at_processes(struct look *look) {
    struct text names = {0};
    char self[16];
    if (read_link(look->root, "proc/self", self, sizeof self)) tell_self(look, self);
    /* The namespaces of process 1, and our own first: an ordinary user sees no other's. */
    look_at_process(look, "1", false);
    look_at_process(look, self, false);
    if (list_names(look->root, "proc", &names) < 0) send_text("/proc", errno, NULL);
    unsigned long processes = 0;
    size_t place = 0;
    for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
        if (at[0] == '\0' || strspn(at, "0123456789") != strlen(at) || strlen(at) > 10) continue;
        if (processes++ < PROCESSES_MAX) look_at_process(look, at, true);
    }
    free_text(&names);
    send_text(":mappings", 0, &mappings);
    if (processes > PROCESSES_MAX) tell_limit("processes", processes - PROCESSES_MAX);
    if (files_left > 0) tell_limit("files", files_left);
}
