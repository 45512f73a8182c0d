/*
 * capture-helper: records the kernel's module events for ModShark. Started as root by pkexec, sudo or root itself,
 * without arguments; speaks frames on stdin and stdout (PROTOCOL.md), and is the only privileged code there is.
 */
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "helper.h"

enum { USAGE = 2, LOOK_PATIENCE_MS = 20 * 1000 };

static const struct tracefs_place places[] = {
    {"/sys/kernel/tracing", TRACEFS_MAGIC},
    {"/sys/kernel/debug/tracing", TRACEFS_MAGIC},
};

/* A closed stdin or stdout would be reopened as the first file of tracefs, and frames written into it. */
static bool have_standard_files(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) return false;
    }
    return true;
}

static void close_inherited_files(void) {
#ifdef SYS_close_range
    syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0);
#endif
}

int main(int argument_count, char **arguments) {
    (void)arguments;
    if (!have_standard_files()) return USAGE;
    if (argument_count != 1 || isatty(STDIN_FILENO) || isatty(STDOUT_FILENO)) {
        fputs("capture-helper is started by ModShark and takes no arguments; see \"modshark record\".\n", stderr);
        return USAGE;
    }
    close_inherited_files();
    block_stop_signals();
    struct helper helper = {
        .places = places,
        .place_count = sizeof places / sizeof *places,
        .system = "/",
        .look_ms = LOOK_PATIENCE_MS,
    };
    const struct refusal *refusal = NULL;
    helper.is_root = helper.drops = getuid() == 0 && geteuid() == 0;
    /* A copy that is set-uid, or has capabilities, could be started by anybody. */
    if (getuid() != geteuid() || getgid() != getegid() || getauxval(AT_SECURE) != 0) refusal = &not_root;
    else if (helper.is_root && !find_pump_uid(&helper.pump_uid)) refusal = &bad_caller;
    if (refusal != NULL) {
        send_refusal(refusal, 0);
        send_bye("refused", "none");
        return 1;
    }
    if (clearenv() != 0 || chdir("/") != 0) return USAGE;
    umask(077);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return serve(&helper);
}
