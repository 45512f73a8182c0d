/* The helper with a tree of files for tracefs: the same conversation, without root and without a kernel. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "helper.h"

int main(void) {
    const char *path = getenv("FAKE_TRACEFS");
    struct statfs facts;
    if (path == NULL || statfs(path, &facts) != 0) return 2;
    const struct tracefs_place places[] = {
        {"/nowhere/tracing", (long)facts.f_type},
        {path, getenv("WRONG_FILESYSTEM") == NULL ? (long)facts.f_type : -1},
    };
    const char *system = getenv("FAKE_SYSTEM");
    struct helper helper = {
        .places = places,
        .place_count = 2,
        .system = system == NULL ? path : system,
        .look_ms = getenv("FAKE_PATIENCE") == NULL ? 20000 : atoi(getenv("FAKE_PATIENCE")),
        .is_root = getenv("FAKE_USER") == NULL,
        .drops = geteuid() == 0,
    };
    block_stop_signals();
    if (!find_pump_uid(&helper.pump_uid)) {
        send_refusal(&bad_caller, 0);
        send_bye("refused", "none");
        return 1;
    }
    return serve(&helper);
}
