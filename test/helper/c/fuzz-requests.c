/*
 * Feeds hostile frames through the helper's own reader and validation, in one process, under the sanitisers:
 *   fuzz-requests COUNT SEED
 * What is accepted is checked by rules that are written here once more, from PROTOCOL.md and not from the helper.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"

enum { SPACE = 8192 };

static uint64_t seed;

static unsigned draw(unsigned below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 20) % below);
}

static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
static const char *const hostile[] = {
    "\"", "'", "||", "&&", "name==\"x\"", "../..", "/etc/shadow", "\n", "\r", "", " ", "*", "?", "[a-z]", "\\",
    "$(id)", "`id`", "%s%n", "\xff\xfe", "\xc3\xa4", ";reboot", "0", "none", "a\nb", "testmod\n",
};

static size_t add_name(unsigned char *to) {
    unsigned sort = draw(40);
    size_t length;
    if (sort == 0) {
        const char *text = hostile[draw(sizeof hostile / sizeof *hostile)];
        length = strlen(text);
        memcpy(to + 1, text, length);
    } else if (sort == 1) {
        length = draw(256);
        for (size_t i = 0; i < length; i++) to[1 + i] = (unsigned char)draw(256);
    } else {
        length = sort == 2 ? 54 + draw(3) : 1 + draw(12);
        for (size_t i = 0; i < length; i++) to[1 + i] = (unsigned char)good[draw(sizeof good - 1)];
    }
    to[0] = (unsigned char)length;
    return length + 1;
}

static size_t make_body(unsigned char *body) {
    unsigned names = draw(4) == 0 ? draw(300) : draw(6);
    uint32_t buffer = draw(8) == 0 ? (draw(2) ? draw(128) : 65536 - 64 + draw(128)) : 64 + draw(65473);
    if (draw(50) == 0) buffer = (uint32_t)draw(65536) << 16 | draw(65536);
    body[0] = draw(60) == 0 ? (unsigned char)draw(256) : 1;
    body[1] = (unsigned char)draw(draw(20) == 0 ? 256 : 32);
    body[2] = (unsigned char)draw(draw(20) == 0 ? 256 : 4);
    for (int i = 0; i < 4; i++) body[3 + i] = (unsigned char)(buffer >> (24 - 8 * i));
    body[7] = (unsigned char)(names >> 8);
    body[8] = (unsigned char)names;
    size_t length = 9;
    for (unsigned i = 0; i < names && length < SPACE - 512; i++) length += add_name(body + length);
    return length;
}

static size_t make_frame(unsigned char *frame) {
    if (draw(20) == 0) { /* noise */
        size_t length = draw(200);
        for (size_t i = 0; i < length; i++) frame[i] = (unsigned char)draw(256);
        return length;
    }
    size_t length = make_body(frame + FRAME_HEADER);
    frame[0] = draw(60) == 0 ? (unsigned char)draw(256) : 'S';
    size_t told = length;
    if (draw(30) == 0) told = draw(2) ? length + draw(20) : length - draw((unsigned)length);
    if (draw(200) == 0) told = (size_t)draw(256) << 16 | draw(65536);
    frame[1] = (unsigned char)(told >> 16);
    frame[2] = (unsigned char)(told >> 8);
    frame[3] = (unsigned char)told;
    length += FRAME_HEADER;
    for (unsigned flips = draw(10) == 0 ? 1 + draw(8) : 0; flips > 0; flips--) {
        frame[draw((unsigned)length)] ^= (unsigned char)(1u << draw(8));
    }
    if (draw(30) == 0) length = draw((unsigned)length);
    return length;
}

static void wrong(const char *what) {
    fprintf(stderr, "accepted what it must not: %s\n", what);
    exit(1);
}

/* The filter must be nothing but whole terms of plain names. */
static void check_filter(const struct start_request *request) {
    char filter[FILTER_MAX_LENGTH + 1];
    memset(filter, 'x', sizeof filter);
    write_filter(request, filter);
    if (memchr(filter, '\0', sizeof filter) == NULL) wrong("a filter without an end");
    const char *at = filter;
    for (unsigned i = 0; i < request->name_count; i++) {
        const char *joint = request->exclude ? "&&" : "||";
        if (i > 0) {
            if (strncmp(at, joint, 2) != 0) wrong("a joint");
            at += 2;
        }
        const char *term = request->exclude ? "name!=\"" : "name==\"";
        if (strncmp(at, term, 7) != 0) wrong("a term");
        at += 7;
        size_t length = strcspn(at, "\"");
        if (length == 0 || length > 55) wrong("a name's length");
        for (size_t c = 0; c < length; c++) {
            if (strchr(good, at[c]) == NULL || at[c] == '-') wrong("a name's character");
        }
        at += length;
        if (*at++ != '"') wrong("an open quote");
    }
    if (*at != '\0') wrong("text behind the last name");
}

static void check(const struct start_request *request) {
    if (request->events == 0 || request->events > 31) wrong("events");
    if (request->buffer_kib < 64 || request->buffer_kib > 65536) wrong("a buffer");
    if (request->name_count > 256) wrong("a count of names");
    if (request->exclude && request->name_count == 0) wrong("an exclusion of nothing");
    check_filter(request);
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3) return 2;
    unsigned long count = strtoul(arguments[1], NULL, 10), accepted = 0, broken = 0, ended = 0, other = 0, refused = 0;
    seed = strtoull(arguments[2], NULL, 10) * 2654435761u + 88172645463325252u;
    static unsigned char frame[SPACE + 4096], body[FRAME_BODY_MAX];
    static struct start_request request;
    block_stop_signals();
    for (unsigned long i = 0; i < count; i++) {
        int ends[2];
        size_t length = make_frame(frame);
        if (pipe(ends) != 0 || write(ends[1], frame, length) != (ssize_t)length) return 2;
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        char type;
        size_t body_length;
        enum received received = receive_frame(&type, body, &body_length, 1000);
        if (received == RECEIVED_END) ended++;
        else if (received != RECEIVED) broken++;
        else if (type != 'S') other++;
        else {
            /* A copy of exactly its size, so that reading one byte too many is seen. */
            unsigned char *exact = malloc(body_length == 0 ? 1 : body_length);
            if (exact == NULL) return 2;
            memcpy(exact, body, body_length);
            if (read_start_request(exact, body_length, &request) == NULL) {
                accepted++;
                check(&request);
            } else {
                refused++;
            }
            free(exact);
        }
    }
    printf("{\"frames\":%lu,\"accepted\":%lu,\"refused\":%lu,\"broken\":%lu,\"ended\":%lu,\"other\":%lu}\n", count,
           accepted, refused, broken, ended, other);
    return 0;
}
