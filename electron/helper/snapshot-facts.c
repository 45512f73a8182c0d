/* Reading files, links and folders below one root, and telling what they say. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot.h"

enum { TEXT_MAX = 4 * 1024 * 1024 - 4096, NAME_ROOM = 1024, NAMES_MAX = 65536 };
/* Of one look: its reader keeps less, and says that there was more (shared/snapshot/collect-facts.ts). */
enum { TOLD_MAX = 160 * 1024 * 1024 };

/* Body of F: whether this part is the last, the errno that reading ended with, the name, NUL, the text. */
void send_text(const char *name, int error, const struct text *text) {
    unsigned char prefix[NAME_ROOM + 3] = {0, (unsigned char)error};
    size_t name_length = strnlen(name, NAME_ROOM - 1);
    memcpy(prefix + 2, name, name_length);
    size_t length = text == NULL ? 0 : text->length < TEXT_MAX ? text->length : TEXT_MAX;
    if (text != NULL && text->length > length && error == 0) prefix[1] = EFBIG;
    static size_t told;
    if ((told += name_length + length) > TOLD_MAX) return;
    /* Nobody reads any more: there is nobody to look for. */
    if (!send_parts('F', prefix, name_length + 3, length == 0 ? "" : text->bytes, length)) _exit(4);
}

bool read_file(struct look *look, int directory, const char *path, struct text *text) {
    (void)look;
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) return false;
    char bytes[16 * 1024];
    int error = 0;
    while (text->length < TEXT_MAX) {
        ssize_t count = read(file, bytes, sizeof bytes);
        if (count > 0) add_bytes(text, bytes, (size_t)count);
        else if (count == 0) break;
        else if (errno != EINTR) {
            error = errno;
            break;
        }
    }
    if (text->length >= TEXT_MAX) error = EFBIG;
    close(file);
    errno = error;
    return error == 0;
}

bool read_line(int directory, const char *path, char *line, size_t capacity) {
    ssize_t length = read_text(directory, path, line, capacity);
    if (length < 0) {
        line[0] = '\0';
        return false;
    }
    if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
    return true;
}

bool read_link(int directory, const char *path, char *target, size_t capacity) {
    ssize_t length = readlinkat(directory, path, target, capacity - 1);
    target[length < 0 ? 0 : length] = '\0';
    return length >= 0;
}

int list_names(int directory, const char *path, struct text *names) {
    int copy = openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (listing == NULL) return -1;
    int count = 0;
    for (struct dirent *entry; count < NAMES_MAX && (entry = readdir(listing)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        add_bytes(names, entry->d_name, strlen(entry->d_name));
        add_bytes(names, "/", 1);
        count++;
    }
    closedir(listing);
    return count;
}

bool read_fact(struct look *look, const char *path) {
    clear_text(&look->scratch);
    bool is_read = read_file(look, look->root, path + 1, &look->scratch);
    int error = is_read ? 0 : errno;
    if (error == ENOENT || error == ENOTDIR) return false; /* most systems have few of them: not worth a word */
    send_text(path, error, &look->scratch);
    return is_read;
}
