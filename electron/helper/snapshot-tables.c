/* Texts that grow and tables that find: all the memory that a snapshot takes. It belongs to a process that ends. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

/* A look that has no memory left is over: what was sent stands, and the waiting process tells that it ended early. */
static _Noreturn void give_up(void) {
    _exit(3);
}

void *grow_array(void *array, size_t *capacity, size_t length, size_t size) {
    if (length < *capacity) return array;
    *capacity = *capacity == 0 ? 64 : *capacity * 2;
    array = reallocarray(array, *capacity, size);
    if (array == NULL) give_up();
    return array;
}

void add_bytes(struct text *text, const void *bytes, size_t length) {
    while (text->capacity - text->length < length) {
        size_t wanted = text->capacity == 0 ? 1024 : text->capacity * 2;
        char *grown = realloc(text->bytes, wanted);
        if (grown == NULL) give_up();
        text->bytes = grown;
        text->capacity = wanted;
    }
    if (length > 0) memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

void add_field(struct text *text, const char *field) {
    add_bytes(text, field, strlen(field) + 1);
}

void add_formatted(struct text *text, const char *format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    add_bytes(text, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

void add_number(struct text *text, uint64_t number) {
    char digits[24];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    add_bytes(text, digits + at, sizeof digits - at);
}

char *next_piece(struct text *text, size_t *at, char end) {
    char *piece = text->bytes + *at, *found = *at < text->length ? memchr(piece, end, text->length - *at) : NULL;
    if (found == NULL) return NULL;
    *found = '\0';
    *at = (size_t)(found - text->bytes) + 1;
    return piece;
}

void clear_text(struct text *text) {
    text->length = 0;
}

void free_text(struct text *text) {
    free(text->bytes);
    *text = (struct text){0};
}

static struct table_entry *seat(struct table_entry *entries, size_t capacity, uint64_t a, uint64_t b) {
    uint64_t hash = (a ^ b * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
    size_t at = (size_t)(hash ^ hash >> 32) & (capacity - 1);
    while ((entries[at].a != 0 || entries[at].b != 0) && (entries[at].a != a || entries[at].b != b)) {
        at = (at + 1) & (capacity - 1);
    }
    return &entries[at];
}

static void widen(struct table *table) {
    size_t capacity = table->capacity == 0 ? 256 : table->capacity * 2;
    struct table_entry *entries = calloc(capacity, sizeof *entries);
    if (entries == NULL) give_up();
    for (size_t i = 0; i < table->capacity; i++) {
        const struct table_entry *entry = &table->entries[i];
        if (entry->a != 0 || entry->b != 0) *seat(entries, capacity, entry->a, entry->b) = *entry;
    }
    free(table->entries);
    table->entries = entries;
    table->capacity = capacity;
}

uint64_t *find_or_add(struct table *table, uint64_t a, uint64_t b, bool *added) {
    if (table->used * 2 >= table->capacity) widen(table);
    struct table_entry *entry = seat(table->entries, table->capacity, a, b);
    *added = entry->a == 0 && entry->b == 0;
    if (*added) {
        *entry = (struct table_entry){.a = a, .b = b};
        table->used++;
    }
    return &entry->value;
}

const uint64_t *find(const struct table *table, uint64_t a, uint64_t b) {
    if (table->capacity == 0) return NULL;
    const struct table_entry *entry = seat(table->entries, table->capacity, a, b);
    return entry->a == 0 && entry->b == 0 ? NULL : &entry->value;
}

void free_table(struct table *table) {
    free(table->entries);
    *table = (struct table){0};
}
