/* Which descriptors share one open file: a module counts open files, and fork and dup make only descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

enum { COMPARED_MAX = 4096, PROTOCOL_ROOM = 64 };

static struct opening *openings;
static size_t opening_count, opening_capacity;
static struct text opening_texts;

void add_opening(const struct opening *opening, const char *link, const char *info) {
    openings = grow_array(openings, &opening_capacity, opening_count, sizeof *openings);
    struct opening *added = &openings[opening_count++];
    *added = *opening;
    added->link = opening_texts.length;
    add_field(&opening_texts, link);
    added->info = opening_texts.length;
    add_field(&opening_texts, info);
}

static int order(uint64_t left, uint64_t right) {
    return left < right ? -1 : left > right;
}

/* What one open file has in common wherever it is seen. */
static int compare_objects(const struct opening *left, const struct opening *right) {
    int result = order((uint64_t)left->type, (uint64_t)right->type);
    if (result == 0) result = order(left->facts.filesystem, right->facts.filesystem);
    if (result == 0) result = order(left->facts.inode, right->facts.inode);
    if (result == 0) result = order(left->facts.device, right->facts.device);
    if (result != 0 || left->type != 'a') return result;
    /* All anonymous files share one inode; their link says what they are. */
    return strcmp(opening_texts.bytes + left->link, opening_texts.bytes + right->link);
}

static int sort_openings(const void *left, const void *right) {
    const struct opening *a = left, *b = right;
    int result = compare_objects(a, b);
    if (result == 0) result = order(a->pid, b->pid);
    return result == 0 ? order(a->fd, b->fd) : result;
}

static void send_opening(const struct opening *first, bool compared, const struct text *descriptors) {
    struct text text = {0};
    const struct file_facts *facts = &first->facts;
    add_formatted(&text, "%c %u:%u %u:%u %llu %o %d", first->type, (unsigned)(facts->device >> 32),
                  (unsigned)facts->device, (unsigned)(facts->filesystem >> 32), (unsigned)facts->filesystem,
                  (unsigned long long)facts->inode, first->flags, compared);
    add_field(&text, "");
    add_bytes(&text, descriptors->bytes, descriptors->length);
    add_field(&text, "");
    add_field(&text, opening_texts.bytes + first->link);
    add_field(&text, opening_texts.bytes + first->info);
    send_text(":file", 0, &text);
    free_text(&text);
}

static void add_descriptor(struct text *text, unsigned pid, unsigned fd) {
    if (text->length > 0) add_bytes(text, " ", 1);
    add_number(text, pid);
    add_bytes(text, ":", 1);
    add_number(text, fd);
}

/* kcmp orders open files: each is put where it belongs among those before. Those that cannot be compared stay alone. */
static size_t group_shared(const struct opening *group, size_t count, struct text *shared, size_t *firsts,
                           struct text *lone) {
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = groups;
        int found = -1;
        while (low < high && found != 0) {
            size_t middle = (low + high) / 2;
            const struct opening *other = &group[firsts[middle]];
            found = kernel_compare_files((pid_t)group[i].task, (pid_t)other->task, group[i].fd, other->fd);
            if (found == 1) high = middle;
            else if (found == 2) low = middle + 1;
            else if (found == 0) low = middle;
            else break;
        }
        if (groups > 0 && found != 0 && found != 1 && found != 2) {
            add_bytes(lone, &i, sizeof i);
            continue;
        }
        if (groups == 0 || found != 0) {
            memmove(firsts + low + 1, firsts + low, (groups - low) * sizeof *firsts);
            memmove(shared + low + 1, shared + low, (groups - low) * sizeof *shared);
            firsts[low] = i;
            shared[low] = (struct text){0};
            groups++;
        }
        add_descriptor(&shared[low], group[i].pid, group[i].fd);
    }
    return groups;
}

static void send_alone(const struct opening *opening, bool compared) {
    struct text descriptors = {0};
    add_descriptor(&descriptors, opening->pid, opening->fd);
    send_opening(opening, compared, &descriptors);
    free_text(&descriptors);
}

static void send_group(const struct opening *group, size_t count) {
    static struct text shared[COMPARED_MAX];
    static size_t firsts[COMPARED_MAX];
    if (count == 1 || count > COMPARED_MAX) {
        for (size_t i = 0; i < count; i++) send_alone(&group[i], count == 1);
        return;
    }
    struct text lone = {0};
    size_t groups = group_shared(group, count, shared, firsts, &lone);
    size_t lone_count = lone.length / sizeof(size_t);
    for (size_t i = 0; i < groups; i++) {
        /* One that none could be compared with may be any of those that could not be. */
        send_opening(&group[firsts[i]], lone_count == 0, &shared[i]);
        free_text(&shared[i]);
    }
    for (size_t i = 0; i < lone_count; i++) {
        size_t place;
        memcpy(&place, lone.bytes + i * sizeof place, sizeof place);
        send_alone(&group[place], false);
    }
    free_text(&lone);
}

void send_openings(void) {
    if (opening_count > 0) qsort(openings, opening_count, sizeof *openings, sort_openings);
    for (size_t at = 0, next; at < opening_count; at = next) {
        for (next = at + 1; next < opening_count && compare_objects(&openings[at], &openings[next]) == 0;) next++;
        send_group(openings + at, next - at);
    }
    free(openings);
    free_text(&opening_texts);
    openings = NULL;
    opening_count = opening_capacity = 0;
}

/* ---- Sockets: their inode is theirs alone, so nothing has to be compared ---- */

struct socket_seat {
    uint64_t inode;
    char protocol[PROTOCOL_ROOM];
    struct text descriptors;
};

static struct table socket_places;
static struct socket_seat *sockets;
static size_t socket_count, socket_capacity;

void add_socket(int process, unsigned pid, unsigned fd, uint64_t inode) {
    bool added;
    uint64_t *place = find_or_add(&socket_places, inode, 1, &added);
    if (added) {
        sockets = grow_array(sockets, &socket_capacity, socket_count, sizeof *sockets);
        struct socket_seat *seat = &sockets[socket_count];
        *seat = (struct socket_seat){.inode = inode};
        char path[32];
        snprintf(path, sizeof path, "fd/%u", fd);
        kernel_name_protocol(process, path, seat->protocol, sizeof seat->protocol);
        *place = ++socket_count;
    }
    add_descriptor(&sockets[*place - 1].descriptors, pid, fd);
}

void send_sockets(void) {
    struct text text = {0};
    for (size_t i = 0; i < socket_count; i++) {
        add_number(&text, sockets[i].inode);
        add_field(&text, "");
        add_field(&text, sockets[i].protocol);
        add_bytes(&text, sockets[i].descriptors.bytes, sockets[i].descriptors.length);
        add_field(&text, "");
        free_text(&sockets[i].descriptors);
        if (text.length < 64 * 1024 && i + 1 < socket_count) continue;
        send_text(":sockets", 0, &text);
        clear_text(&text);
    }
    free(sockets);
    free_text(&text);
    free_table(&socket_places);
}
