/* The fixed list of files, folders and links that tell of references. A star stands for any name in one folder. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

enum { PATH_ROOM = 512, MATCHES_MAX = 1024 };

/* Ends in a slash: the names in a folder; in an @: the target of a link; else the text of a file. */
static const char *const places[] = {
    "/proc/crypto",
    "/proc/misc",
    "/proc/devices",
    "/proc/filesystems",
    "/proc/uptime",
    "/proc/swaps",
    "/proc/mdstat",
    "/proc/mtd",
    "/proc/drbd",
    "/proc/asound/modules",
    "/proc/asound/cards",
    "/proc/asound/seq/clients",
    "/proc/tty/drivers",
    "/proc/bus/input/devices",
    "/proc/fs/nfsfs/servers",
    "/proc/fs/nfsfs/volumes",
    "/proc/fs/cifs/DebugData",
    "/proc/fs/nfsd/threads",
    "/proc/sys/kernel/modules_disabled",
    "/proc/sys/kernel/tainted",
    "/proc/sys/net/core/default_qdisc",
    "/proc/sys/net/ipv4/tcp_congestion_control",
    "/proc/sys/net/ipv4/tcp_available_congestion_control",
    "/sys/class/vtconsole/*/name",
    "/sys/class/vtconsole/*/bind",
    "/sys/class/graphics/*/name",
    "/sys/class/graphics/*/dev",
    "/sys/class/graphics/*/device/driver/module@",
    "/sys/class/drm/",
    "/sys/class/drm/*/device/driver/module@",
    "/sys/class/sound/*/device/driver/module@",
    "/sys/class/watchdog/*/state",
    "/sys/class/watchdog/*/identity",
    "/sys/class/watchdog/*/nowayout",
    "/sys/class/watchdog/*/device/driver/module@",
    "/sys/class/net/*/tun_flags",
    "/sys/class/net/*/type",
    "/sys/class/net/*/uevent",
    "/sys/class/net/*/device/driver/module@",
    "/sys/class/net/*/phydev/driver/module@",
    "/sys/class/scsi_host/*/proc_name",
    "/sys/class/i2c-adapter/*/name",
    "/sys/class/i2c-dev/*/name",
    "/sys/block/*/pid",
    "/sys/block/*/loop/autoclear",
    "/sys/class/dma/*/in_use",
    "/sys/class/iommu/",
    "/sys/class/udc/*/function",
    "/sys/class/devcoredump/",
    "/sys/devices/system/cpu/cpufreq/*/scaling_governor",
    "/sys/devices/system/cpu/cpufreq/*/scaling_driver",
    "/sys/devices/system/cpu/cpuidle/current_driver",
    "/sys/devices/system/clocksource/clocksource0/current_clocksource",
    "/sys/devices/system/clocksource/clocksource0/available_clocksource",
    "/sys/bus/hdaudio/devices/*/driver/module@",
    "/sys/bus/pci/drivers/*/",
    "/sys/bus/rbd/devices/",
    "/sys/kernel/livepatch/*/enabled",
    "/sys/kernel/config/",
    "/sys/kernel/config/*/",
    "/sys/kernel/debug/",
    "/sys/kernel/debug/kvm/",
    "/sys/kernel/debug/dma_buf/bufinfo",
    "/sys/kernel/debug/dri/*/name",
    "/sys/kernel/debug/dri/*/clients",
    "/sys/kernel/debug/gpio",
    "/sys/kernel/debug/pwm",
};

/* Of each network namespace. */
static const char *const network_files[] = {
    "protocols",     "netlink",   "packet",     "unix",       "tcp",       "tcp6",
    "udp",           "udp6",      "raw",        "raw6",       "sctp/eps",  "sctp/assocs",
    "hci",           "l2cap",     "rfcomm",     "sco",        "bnep",      "can/rcvlist_all",
    "ip_vs",         "pppol2tp",  "pppoe",      "ip_tables_names",         "ip_tables_matches",
    "ip_tables_targets",          "ip6_tables_names",         "ip6_tables_matches",
    "ip6_tables_targets",         "netfilter/nfnetlink_queue",             "netfilter/nfnetlink_log",
    "tls_stat",
};

enum { NETWORKS_MAX = 64 };

/* `path` is whole: its end says what is there. */
static void look_at_place(struct look *look, char *path) {
    size_t length = strlen(path);
    char last = path[length - 1], target[PATH_ROOM];
    if (last == '@') {
        path[length - 1] = '\0';
        if (!read_link(look->root, path + 1, target, sizeof target)) return;
        clear_text(&look->scratch);
        add_bytes(&look->scratch, target, strlen(target));
        send_text(path, 0, &look->scratch);
    } else if (last == '/') {
        path[length - 1] = '\0';
        clear_text(&look->scratch);
        int error = list_names(look->root, path + 1, &look->scratch) < 0 ? errno : 0;
        if (error == ENOENT || error == ENOTDIR) return;
        path[length - 1] = '/';
        send_text(path, error, &look->scratch);
    } else {
        read_fact(look, path);
    }
}

/* Puts every name in for the first star, and goes on with what follows it. */
static void walk(struct look *look, const char *pattern, unsigned *matches) {
    char path[PATH_ROOM];
    const char *star = strchr(pattern, '*');
    if (star == NULL) {
        snprintf(path, sizeof path, "%s", pattern);
        look_at_place(look, path);
        return;
    }
    struct text names = {0};
    snprintf(path, sizeof path, "%.*s", (int)(star - pattern - 1), pattern);
    if (list_names(look->root, path + 1, &names) < 0) return;
    size_t place = 0;
    for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
        int length = snprintf(path, sizeof path, "%.*s%s%s", (int)(star - pattern), pattern, at, star + 1);
        if (strchr(at, '*') != NULL || length >= (int)sizeof path || ++*matches > MATCHES_MAX) continue;
        walk(look, path, matches);
    }
    free_text(&names);
}

/* modules.alias says which module makes filesystems or sockets of a kind. Most of its lines are patterns of hardware,
 * which say nothing here. */
static void look_at_aliases(struct look *look) {
    char release[128], path[PATH_ROOM];
    struct text text = {0};
    if (!read_line(look->root, "proc/sys/kernel/osrelease", release, sizeof release) || release[0] == '.') return;
    if (strchr(release, '/') != NULL) return;
    snprintf(path, sizeof path, "/lib/modules/%s/modules.alias", release);
    bool is_read = read_file(look, look->root, path + 1, &text);
    int error = is_read ? 0 : errno;
    if (error == ENOENT) return;
    clear_text(&look->scratch);
    add_bytes(&text, "", 1);
    for (char *line = text.bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        size_t length = (size_t)(end + 1 - line);
        bool is_pattern = memchr(line, '*', length) != NULL || memchr(line, '[', length) != NULL;
        if (!is_pattern) add_bytes(&look->scratch, line, length);
    }
    free_text(&text);
    send_text(path, error, &look->scratch);
}

void look_at_files(struct look *look) {
    look_at_aliases(look);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        unsigned matches = 0;
        walk(look, places[i], &matches);
    }
    unsigned matches = 0;
    /* Where it is not mounted, looking there would mount it. */
    if (look->binfmt_misc) walk(look, "/proc/sys/fs/binfmt_misc/", &matches);
}

void look_at_networks(struct look *look, const char *place) {
    static unsigned networks;
    char path[PATH_ROOM];
    if (networks++ >= NETWORKS_MAX) return;
    for (size_t i = 0; i < sizeof network_files / sizeof *network_files; i++) {
        snprintf(path, sizeof path, "/%s/net/%s", place, network_files[i]);
        read_fact(look, path);
    }
}
