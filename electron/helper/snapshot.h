/*
 * What a snapshot reads, and how it is told: facts as they are, in frames of `F`. Everything that means something is
 * decided by the reader (shared/snapshot).
 */
#ifndef MODSHARK_SNAPSHOT_H
#define MODSHARK_SNAPSHOT_H

#include "helper.h"

/* ---- Texts that grow, and tables that find (snapshot-tables.c). Where no memory is left the looking process ends. ---- */

struct text {
    char *bytes;
    size_t length, capacity;
};

void add_bytes(struct text *text, const void *bytes, size_t length);
/* A field and the NUL that ends it: nothing that the kernel names holds one. */
void add_field(struct text *text, const char *field);
void add_number(struct text *text, uint64_t number);
__attribute__((format(printf, 2, 3))) void add_formatted(struct text *text, const char *format, ...);
/* The next piece that ends so, as a string in place of it; NULL when there is no further. Begins at 0. */
char *next_piece(struct text *text, size_t *at, char end);
void clear_text(struct text *text);
void free_text(struct text *text);

struct table_entry {
    uint64_t a, b; /* the key; never both 0 */
    uint64_t value;
};

struct table {
    struct table_entry *entries;
    size_t used, capacity;
};

/* The value of a key, which begins as 0; `added` says whether it is new. */
uint64_t *find_or_add(struct table *table, uint64_t a, uint64_t b, bool *added);
const uint64_t *find(const struct table *table, uint64_t a, uint64_t b);
void free_table(struct table *table);

void *grow_array(void *array, size_t *capacity, size_t length, size_t size);

/* ---- What the kernel says of one file, without asking any filesystem daemon or server (kernel-calls.c) ---- */

struct file_facts {
    unsigned mode;       /* 0 where only the filesystem may be known */
    uint64_t filesystem; /* devices as (major << 32 | minor) */
    uint64_t inode;
    uint64_t device;
    uint64_t mount; /* 0 where the kernel does not tell */
};

bool kernel_look_at_file(int directory, const char *name, struct file_facts *facts);
/* kcmp(2): −1 where it is not told, else 0 equal, 1 less, 2 greater. */
int kernel_compare_files(pid_t left, pid_t right, unsigned left_fd, unsigned right_fd);
/* The same of the tables of descriptors of two tasks. */
int kernel_compare_tables(pid_t left, pid_t right);
/* `TCP`, `ALG`: what getxattr calls system.sockprotoname; false with errno. */
bool kernel_name_protocol(int directory, const char *name, char *protocol, size_t capacity);
/* Into the network namespace that a link of /proc leads to, if it is that of the number; NULL for back into our own. False
 * with errno. */
bool kernel_enter_network(int root, const char *path, uint64_t number);
/* A netlink socket in that namespace, −1 with errno; what is asked on it, and one datagram of the kernel's answer. */
int kernel_open_netlink(int protocol);
bool kernel_ask_netlink(int socket, const void *request, size_t length);
ssize_t kernel_hear_netlink(int socket, void *bytes, size_t capacity, int64_t until);
/* The magic number of a file's filesystem, if it lies on that one; a daemon or a server may keep it to itself for ever. */
bool kernel_name_filesystem(int directory, const char *name, uint64_t filesystem, unsigned long *magic);

/* ---- One look at the system ---- */

enum { LOOK_TOOLS = 1, LOOK_ALL = 1 }; /* options of the request */

struct look {
    int root; /* of /proc and /sys: "/", and in tests a tree of files */
    struct text scratch;
    struct table mounts;     /* mount id → filesystem and whether its files may hold modules */
    struct table namespaces; /* of mounts and networks that were read */
    struct table devices;    /* character and block devices that somebody has open */
    bool binfmt_misc;        /* it is mounted already: looking would mount it, and load the module */
};

bool read_fact(struct look *look, const char *path); /* a file, under its own name */
void send_text(const char *name, int error, const struct text *text);
/* The whole text of a little file, without the newline at its end; false with errno. */
bool read_line(int directory, const char *path, char *line, size_t capacity);
bool read_file(struct look *look, int directory, const char *path, struct text *text);
bool read_link(int directory, const char *path, char *target, size_t capacity);
/* Names in a directory, each followed by a slash, which is in no name; −1 with errno, else how many there are. */
int list_names(int directory, const char *path, struct text *names);

/* The modules and their references; which module has some is asked for by tools. */
void look_at_modules(struct look *look);
void look_at_refcounts(struct look *look);
void look_at_files(struct look *look); /* the fixed list */
void look_at_processes(struct look *look);
void look_at_networks(struct look *look, const char *place);
void look_at_block_devices(struct look *look);
void look_at_devices(struct look *look);
/* The modules of the drivers bound above a device, nearest first, each followed by a slash; a dot for one built in. */
void add_driver_modules(struct look *look, const char *path, struct text *text);

/* Mounts and who stands on them (snapshot-mounts.c). */
void look_at_mounts(struct look *look, const char *directory, uint64_t namespace, const char *pid);
/* Whether an open file of this filesystem may hold a module. */
bool holds_modules(const struct look *look, const struct file_facts *facts);
struct stander {
    unsigned pid;
    const char *how;   /* a constant: "fd", "cwd", "root", "exe", "map" */
    const char *link;  /* the file's name, as the kernel tells it */
    const char *place; /* the link below the root that leads to it */
};
void add_standing(struct look *look, const struct file_facts *facts, const struct stander *stander);
void send_standings(struct look *look);
void name_lost_superblocks(struct look *look);

/* Open files, and which descriptors share one (snapshot-openings.c). */
struct opening {
    struct file_facts facts;
    unsigned pid, task, fd; /* the task is a thread that has descriptors of its own, else the process */
    unsigned flags;
    char type;
    size_t link, info; /* places in the texts of all openings */
};
void add_opening(const struct opening *opening, const char *link, const char *info);
void add_socket(int process, unsigned pid, unsigned fd, uint64_t inode);
void send_openings(void);
void send_sockets(void);

/* Takes what is left of a process, if it ends in time; false where it does not. One that is killed may not: it waits for
 * a daemon that has been asked and does not answer (request_wait_answer in fs/fuse/dev.c). */
bool wait_briefly(pid_t pid, int *status, int patience_ms);

/* Asks tools that know what no file tells, while still root, and waits for them: what they hold is none of what is
 * looked at (snapshot-tools.c). */
void ask_tools(int root);
/* Whether a module is loaded and has references, by /proc/modules; a star ends the beginning of a name. */
bool is_module_used(const char *modules, const char *name);

/* The packet filter and traffic control (snapshot-networks.c): asked while still root, in other namespaces than our own
 * where it may enter them; told when it is root no more. */
void ask_networks(int root, bool enters);
void tell_networks(void);

/* Gives up everything but what looking needs (privileges.c). False where it could not. */
bool keep_capabilities(uid_t uid, uint64_t capabilities, bool across_exec);
extern const uint64_t looking_capabilities;

#endif
