/* Who asked, and how the pump and a look become less than root for good. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "snapshot.h"

enum { NOBODY = 65534 };

static bool read_uid(const char *text, uid_t *uid) {
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 10 || text[length] != '\0') return false;
    unsigned long long number = strtoull(text, NULL, 10);
    if (number >= UINT32_MAX) return false; /* −1 means "leave as it is" to setresuid */
    *uid = (uid_t)number;
    return true;
}

bool find_pump_uid(uid_t *uid) {
    const char *text = getenv("PKEXEC_UID");
    if (text == NULL) text = getenv("SUDO_UID");
    *uid = NOBODY;
    if (text != NULL && !read_uid(text, uid)) return false;
    if (*uid == 0) *uid = NOBODY; /* root itself asked: the pump needs none of its rights */
    return true;
}

bool drop_privileges(uid_t uid, pid_t parent) {
    /* No group is needed to use what is open already, so none is looked up: that would run NSS modules as root. */
    if (setgroups(0, NULL) != 0) return false;
    if (setresgid(NOBODY, NOBODY, NOBODY) != 0) return false;
    if (setresuid(uid, uid, uid) != 0) return false;
    uid_t real, effective, saved;
    if (getresuid(&real, &effective, &saved) != 0 || real != uid || effective != uid || saved != uid) return false;
    errno = EPERM;
    if (setuid(0) == 0 || setgid(0) == 0) return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false; /* the user's other processes cannot attach */
    /* After the change of uid, which clears it. Where the janitor was killed, nobody else would end a blocked pump. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return false;
    errno = ESRCH;
    return getppid() == parent;
}

/* To see other users' processes (ptrace(2), "Ptrace access mode checking"), what only root may read, and which files
 * they map (proc_map_files_get_link in fs/proc/base.c); not to write, change or load anything. */
const uint64_t looking_capabilities =
    (uint64_t)1 << CAP_SYS_PTRACE | (uint64_t)1 << CAP_DAC_READ_SEARCH | (uint64_t)1 << CAP_CHECKPOINT_RESTORE;

enum { CAPABILITIES = 64 };

static bool get_capabilities(struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    return syscall(SYS_capget, &header, data) == 0;
}

static bool set_capabilities(uint64_t kept, bool across_exec) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        data[i].effective = data[i].permitted = (uint32_t)(kept >> (32 * i));
        data[i].inheritable = across_exec ? data[i].permitted : 0;
    }
    return syscall(SYS_capset, &header, data) == 0;
}

bool keep_capabilities(uid_t uid, uint64_t capabilities, bool across_exec) {
    struct __user_cap_data_struct held[2];
    if (!get_capabilities(held)) return false;
    uint64_t kept = capabilities & ((uint64_t)held[1].permitted << 32 | held[0].permitted); /* a container has fewer */
    for (unsigned long number = 0; number < CAPABILITIES; number++) {
        if ((kept >> number & 1) == 0) prctl(PR_CAPBSET_DROP, number, 0, 0, 0); /* where the kernel knows it */
    }
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return false;
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 || setresuid(uid, uid, uid) != 0) return false;
    if (!set_capabilities(kept, across_exec)) return false;
    for (unsigned long number = 0; across_exec && number < CAPABILITIES; number++) {
        if ((kept >> number & 1) != 0) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0);
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !get_capabilities(held)) return false;
    errno = EPERM;
    return ((uint64_t)held[1].permitted << 32 | held[0].permitted) == kept && (uid == 0 || setuid(0) != 0);
}
