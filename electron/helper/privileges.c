/* Who asked, and how the pump becomes them for good. */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "helper.h"

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
