/* The kernel's own counters of what was read and what was lost, per CPU. The files stay open after root is given up. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "helper.h"

enum { CPU_MAX = 8192, SPARE_FILES = 32, LINE_MAX_LENGTH = 128 };

static int compare_cpus(const void *left, const void *right) {
    unsigned a = ((const struct cpu_counts *)left)->cpu, b = ((const struct cpu_counts *)right)->cpu;
    return a < b ? -1 : a > b;
}

static void allow_files(size_t count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count) return;
    limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool add_cpu(struct counts *counts, int per_cpu, const char *name) {
    unsigned cpu;
    char path[64], end;
    if (sscanf(name, "cpu%u%c", &cpu, &end) != 1) return true; /* ".", ".." */
    snprintf(path, sizeof path, "cpu%u/stats", cpu);
    int stats = openat(per_cpu, path, O_RDONLY | O_CLOEXEC);
    if (stats < 0) return false;
    counts->cpus[counts->length++] = (struct cpu_counts){.cpu = cpu, .stats = stats, .changed = true};
    return true;
}

bool open_counts(const struct instance *instance, struct counts *counts) {
    *counts = (struct counts){.tracing_on = -1, .on = true, .on_changed = true};
    counts->tracing_on = openat(instance->directory, "tracing_on", O_RDWR | O_CLOEXEC);
    int copy = openat(instance->directory, "per_cpu", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (counts->tracing_on < 0 || directory == NULL) return false;

    size_t names = 0;
    while (readdir(directory) != NULL) names++;
    if (names > CPU_MAX) names = CPU_MAX;
    allow_files(names + SPARE_FILES);
    counts->cpus = calloc(names, sizeof *counts->cpus);
    bool opened = counts->cpus != NULL;
    rewinddir(directory);
    for (struct dirent *entry; opened && counts->length < names && (entry = readdir(directory)) != NULL;) {
        opened = add_cpu(counts, dirfd(directory), entry->d_name);
    }
    int error = errno;
    closedir(directory);
    errno = error;
    if (opened) qsort(counts->cpus, counts->length, sizeof *counts->cpus, compare_cpus);
    return opened;
}

/* Source: tracing_stats_read in kernel/trace/trace.c, one "label: number" a line. */
static uint64_t labelled(const char *text, const char *label) {
    size_t length = strlen(label);
    for (const char *line = text; *line != '\0';) {
        if (strncmp(line, label, length) == 0) return strtoull(line + length, NULL, 10);
        const char *end = strchr(line, '\n');
        if (end == NULL) break;
        line = end + 1;
    }
    return 0;
}

static bool take(uint64_t *field, uint64_t value) {
    bool changed = *field != value;
    *field = value;
    return changed;
}

static bool read_cpu(struct cpu_counts *cpu) {
    char text[1024];
    ssize_t length = pread(cpu->stats, text, sizeof text - 1, 0);
    if (length < 0) return false;
    text[length] = '\0';
    bool changed = take(&cpu->overrun, labelled(text, "overrun:"));
    changed |= take(&cpu->commit_overrun, labelled(text, "commit overrun:"));
    changed |= take(&cpu->dropped, labelled(text, "dropped events:"));
    changed |= take(&cpu->read, labelled(text, "read events:"));
    changed |= take(&cpu->entries, labelled(text, "entries:"));
    if (changed) cpu->changed = true;
    return changed;
}

bool read_counts(struct counts *counts) {
    char on = '1';
    bool changed = counts->on_changed;
    if (pread(counts->tracing_on, &on, 1, 0) == 1 && counts->on != (on == '1')) {
        counts->on = on == '1';
        counts->on_changed = changed = true;
    }
    for (size_t i = 0; i < counts->length; i++) changed |= read_cpu(&counts->cpus[i]);
    return changed;
}

void read_last_counts(struct counts *counts) {
    for (size_t i = 0; i < counts->length; i++) {
        read_cpu(&counts->cpus[i]);
        counts->cpus[i].changed = true;
    }
}

size_t write_counts(struct counts *counts, char *text, size_t capacity) {
    bool something = counts->on_changed;
    size_t at = (size_t)snprintf(text, capacity, "tracing_on=%d\n", counts->on);
    for (size_t i = 0; i < counts->length && capacity - at > LINE_MAX_LENGTH; i++) {
        struct cpu_counts *cpu = &counts->cpus[i];
        if (!cpu->changed) continue;
        at += (size_t)snprintf(text + at, capacity - at, "%u %llu %llu %llu %llu %llu\n", cpu->cpu,
                               (unsigned long long)cpu->entries, (unsigned long long)cpu->overrun,
                               (unsigned long long)cpu->commit_overrun, (unsigned long long)cpu->dropped,
                               (unsigned long long)cpu->read);
        cpu->changed = false;
        something = true;
    }
    counts->on_changed = false;
    return something ? at : 0;
}

void close_counts(struct counts *counts) {
    for (size_t i = 0; i < counts->length; i++) close(counts->cpus[i].stats);
    if (counts->tracing_on >= 0) close(counts->tracing_on);
    counts->tracing_on = -1;
}

void free_counts(struct counts *counts) {
    free(counts->cpus);
    counts->cpus = NULL;
    counts->length = 0;
}
