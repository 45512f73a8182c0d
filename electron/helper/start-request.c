/* Validation of what an unprivileged caller asks for. Nothing here touches the system. */
#include <stdio.h>
#include <string.h>

#include "helper.h"

enum { VERSION = 1, FLAG_STACK_TRACES = 1, FLAG_EXCLUDE = 2, FIXED_LENGTH = 9 };

const struct event_name event_names[EVENT_COUNT] = {
    {"module_load", "load"}, {"module_free", "free"},       {"module_get", "get"},
    {"module_put", "put"},   {"module_request", "request"},
};

/* One name in the filter: name=="NAME" and the || or && before the next one. */
enum { FILTER_PER_NAME = sizeof "name==\"\"||" - 1 };

static bool is_name_character(unsigned char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool copy_name(const unsigned char *from, size_t length, char *to) {
    if (length == 0 || length > NAME_MAX_LENGTH) return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_name_character(from[i])) return false;
        to[i] = from[i] == '-' ? '_' : (char)from[i]; /* the kernel's own spelling (scripts/Makefile.lib, name-fix) */
    }
    to[length] = '\0';
    return true;
}

const struct refusal *read_start_request(const unsigned char *body, size_t length, struct start_request *request) {
    memset(request, 0, sizeof *request);
    if (length < FIXED_LENGTH) return &bad_frame;
    if (body[0] != VERSION) return &bad_version;
    if (body[1] == 0 || (body[1] & ~EVENT_ALL) != 0) return &bad_events;
    if ((body[2] & ~(FLAG_STACK_TRACES | FLAG_EXCLUDE)) != 0) return &bad_flags;
    uint32_t buffer_kib = (uint32_t)body[3] << 24 | (uint32_t)body[4] << 16 | (uint32_t)body[5] << 8 | body[6];
    if (buffer_kib < BUFFER_MIN_KIB || buffer_kib > BUFFER_MAX_KIB) return &bad_buffer;
    unsigned name_count = (unsigned)body[7] << 8 | body[8];
    if (name_count > NAME_MAX_COUNT) return &too_many_names;
    if ((body[2] & FLAG_EXCLUDE) != 0 && name_count == 0) return &bad_flags;

    size_t at = FIXED_LENGTH;
    size_t filter_length = 0;
    for (unsigned i = 0; i < name_count; i++) {
        if (at >= length) return &bad_frame;
        size_t name_length = body[at++];
        if (name_length > length - at) return &bad_frame;
        if (!copy_name(body + at, name_length, request->names[i])) return &bad_name;
        at += name_length;
        filter_length += name_length + FILTER_PER_NAME;
    }
    if (at != length) return &bad_frame;
    if (filter_length > FILTER_MAX_LENGTH) return &filter_too_long;

    request->events = body[1];
    request->stack_traces = (body[2] & FLAG_STACK_TRACES) != 0;
    request->exclude = (body[2] & FLAG_EXCLUDE) != 0;
    request->buffer_kib = buffer_kib;
    request->name_count = name_count;
    return NULL;
}

void write_filter(const struct start_request *request, char text[FILTER_MAX_LENGTH + 1]) {
    size_t at = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < request->name_count; i++) {
        /* Unquoted, the kernel would take the filter of a whole group and filter nothing. */
        const char *form = request->exclude ? "%sname!=\"%s\"" : "%sname==\"%s\"";
        const char *joint = i == 0 ? "" : request->exclude ? "&&" : "||";
        at += (size_t)snprintf(text + at, FILTER_MAX_LENGTH + 1 - at, form, joint, request->names[i]);
    }
}
