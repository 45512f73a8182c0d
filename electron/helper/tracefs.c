/* Opening tracefs, and reading and writing its little files. Every path below it is written in this program. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "helper.h"

int open_tracefs(const struct tracefs_place *places, size_t count, const char **where) {
    int error = ENOENT;
    for (size_t i = 0; i < count; i++) {
        int directory = open(places[i].path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (directory < 0) {
            if (errno != ENOENT) error = errno;
            continue;
        }
        struct statfs facts;
        if (fstatfs(directory, &facts) == 0 && (long)facts.f_type == places[i].magic) {
            *where = places[i].path;
            return directory;
        }
        close(directory);
    }
    errno = error;
    return -1;
}

ssize_t read_text(int directory, const char *path, char *text, size_t capacity) {
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    size_t length = 0;
    while (length < capacity - 1) {
        ssize_t count = read(file, text + length, capacity - 1 - length);
        if (count > 0) length += (size_t)count;
        else if (count == 0) break;
        else if (errno != EINTR) {
            int error = errno;
            close(file);
            errno = error;
            return -1;
        }
    }
    close(file);
    text[length] = '\0';
    return (ssize_t)length;
}

bool write_text(int directory, const char *path, const char *text) {
    int file = openat(directory, path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t count = write(file, text, strlen(text));
    int error = count < 0 ? errno : EIO;
    close(file);
    if (count == (ssize_t)strlen(text)) return true;
    errno = error;
    return false;
}

void blank_addresses(char *text, size_t length) {
    static const char *const digits = "0123456789abcdefABCDEF";
    for (size_t at = 0; at + 3 < length; at++) {
        if (memcmp(text + at, " 0x", 3) != 0) continue;
        for (at += 3; at < length && text[at] != '\0' && strchr(digits, text[at]) != NULL; at++) text[at] = '0';
    }
}
