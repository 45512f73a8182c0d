/* The packet filter, sets of addresses and traffic control of every network namespace, by the kernel's own netlink
 * families: fixed questions that change nothing and load nothing, for each is asked only where the module that answers
 * is in use. The answers are copied; only where a message ends, and which queue it is of, is read here. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snapshot.h"

enum {
    NETWORKS_MAX = 16,
    QUEUES_MAX = 256,  /* whose filters are asked for, in one namespace */
    KINDS_MAX = 32,    /* of actions */
    KIND_ROOM = 16,    /* IFNAMSIZ: act_name of tc_action_load_ops */
    ANSWER_MAX = 2 * 1024 * 1024,
    ANSWERS_MAX = 16 * 1024 * 1024, /* of all together: the reader has to take everything else of the look too */
    PATIENCE_MS = 2000, /* of all answers together */
};

/* linux/netfilter/ipset/ip_set.h, which says them as enumerators of this value. The least version that any kernel
 * still speaks is in every answer that is wanted here. */
enum { SETS_LIST = 7, SETS_PROTOCOL = 1, SETS_VERSION = 6, SETS_FLAGS = 6, SETS_HEADERS_ONLY = 4 };
enum { ATTRIBUTE = sizeof(struct nlattr), ACTION_KIND = 1 }; /* linux/pkt_cls.h has TCA_ACT_KIND since Linux 5.0 */

static const struct question {
    const char *module;
    const char *name;
    uint16_t type;
} questions[] = {
    {"nf_tables", "chains", NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETCHAIN},
    {"nf_tables", "rules", NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE},
    {"nf_tables", "objects", NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETOBJ},
    {"nf_tables", "flowtables", NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETFLOWTABLE},
    {"ip_set_*", "sets", NFNL_SUBSYS_IPSET << 8 | SETS_LIST},
};
enum { QUESTIONS = sizeof questions / sizeof *questions };

static struct network {
    uint64_t number;
    unsigned pid; /* of a process in it; 0 for our own */
    int error;
    int traffic;              /* sockets in that namespace, 0 for none */
    int firewall[QUESTIONS];  /* one for each question, which is on its way */
} networks[NETWORKS_MAX];
static size_t network_count;
static bool wants[QUESTIONS], wants_queues, wants_filters;
static char kinds[KINDS_MAX][KIND_ROOM];
static size_t kind_count;

/* ---- Questions ---- */

struct request {
    _Alignas(NLMSG_ALIGNTO) unsigned char bytes[128];
    size_t length;
};

static void add_to_request(struct request *request, const void *bytes, size_t length) {
    memcpy(request->bytes + request->length, bytes, length);
    request->length += NLMSG_ALIGN(length);
}

static struct request begin_request(uint16_t type, const void *header, size_t length) {
    const struct nlmsghdr head = {.nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP};
    struct request request = {.length = 0};
    add_to_request(&request, &head, sizeof head);
    add_to_request(&request, header, length);
    return request;
}

static void add_attribute(struct request *request, unsigned type, const void *data, size_t length) {
    const struct nlattr head = {.nla_type = (uint16_t)type, .nla_len = (uint16_t)(ATTRIBUTE + length)};
    add_to_request(request, &head, sizeof head);
    if (length > 0) add_to_request(request, data, length);
}

static bool ask(int socket, struct request *request) {
    errno = EIO;
    if (socket < 0) return false;
    uint32_t length = (uint32_t)request->length; /* nlmsg_len, the first field */
    memcpy(request->bytes, &length, sizeof length);
    return kernel_ask_netlink(socket, request->bytes, request->length);
}

static bool ask_firewall(int socket, const struct question *question) {
    const struct nfgenmsg family = {.nfgen_family = 0, .version = NFNETLINK_V0};
    struct request request = begin_request(question->type, &family, sizeof family);
    if (question->type >> 8 == NFNL_SUBSYS_IPSET) {
        uint32_t flags = htonl(SETS_HEADERS_ONLY);
        add_attribute(&request, SETS_PROTOCOL, &(uint8_t){SETS_VERSION}, 1);
        add_attribute(&request, SETS_FLAGS | NLA_F_NET_BYTEORDER, &flags, sizeof flags);
    }
    return ask(socket, &request);
}

static bool ask_traffic(int socket, uint16_t type, int device, uint32_t parent) {
    const struct tcmsg message = {.tcm_ifindex = device, .tcm_parent = parent};
    struct request request = begin_request(type, &message, sizeof message);
    if (type == RTM_GETQDISC) add_attribute(&request, TCA_DUMP_INVISIBLE, NULL, 0);
    return ask(socket, &request);
}

static bool ask_links(int socket) {
    const struct ifinfomsg every = {.ifi_family = 0};
    struct request request = begin_request(RTM_GETLINK, &every, sizeof every);
    add_attribute(&request, IFLA_EXT_MASK, &(uint32_t){RTEXT_FILTER_SKIP_STATS}, 4);
    return ask(socket, &request);
}

/* A table with one action that has nothing but its kind (find_dump_kind in net/sched/act_api.c). */
static bool ask_actions(int socket, const char *kind) {
    const struct tcamsg every = {.tca_family = 0};
    struct request request = begin_request(RTM_GETACTION, &every, sizeof every);
    size_t length = strlen(kind) + 1, padded = NLMSG_ALIGN(length);
    const struct nlattr table = {.nla_type = TCA_ACT_TAB, .nla_len = (uint16_t)(3 * ATTRIBUTE + padded)};
    const struct nlattr first = {.nla_type = 1, .nla_len = (uint16_t)(2 * ATTRIBUTE + padded)};
    add_to_request(&request, &table, sizeof table);
    add_to_request(&request, &first, sizeof first);
    add_attribute(&request, ACTION_KIND, kind, length);
    return ask(socket, &request);
}

/* ---- While still root: a socket in each namespace, and the questions that only an administrator may ask ---- */

/* 0 where it is not told. */
static uint64_t read_number(int root, const char *path) {
    char link[64];
    if (!read_link(root, path, link, sizeof link)) return 0;
    const char *bracket = strchr(link, '[');
    return bracket == NULL ? 0 : strtoull(bracket + 1, NULL, 10);
}

static void note_network(int root, const char *digits, unsigned pid) {
    char path[32];
    snprintf(path, sizeof path, "proc/%s/ns/net", digits);
    uint64_t number = read_number(root, path);
    for (size_t i = 0; i < network_count; i++) {
        if (networks[i].number == number) return;
    }
    if (number == 0 || network_count == NETWORKS_MAX) return; /* the reader knows how many there are */
    networks[network_count++] = (struct network){.number = number, .pid = pid};
}

static bool is_away; /* not in our own network */

static void open_network(int root, struct network *network) {
    char path[32];
    snprintf(path, sizeof path, "proc/%u/ns/net", network->pid);
    if (network->pid != 0 && !kernel_enter_network(root, path, network->number)) {
        network->error = errno;
        return;
    }
    is_away |= network->pid != 0;
    if (wants_queues && (network->traffic = kernel_open_netlink(NETLINK_ROUTE)) < 0) network->error = errno;
    for (size_t i = 0; i < QUESTIONS && network->error == 0; i++) {
        if (!wants[i]) continue;
        network->firewall[i] = kernel_open_netlink(NETLINK_NETFILTER);
        /* What the kernel thinks of the question is its answer. */
        if (network->firewall[i] < 0 || !ask_firewall(network->firewall[i], &questions[i])) network->error = errno;
    }
}

/* Actions of a kind are of the module act_KIND. */
static void note_kinds(const char *modules) {
    char name[64];
    long count;
    for (const char *line = modules; *line != '\0' && kind_count < KINDS_MAX;) {
        bool is_action = sscanf(line, "act_%63s %*u %ld", name, &count) == 2 && count > 0;
        if (is_action && strlen(name) < KIND_ROOM) memcpy(kinds[kind_count++], name, strlen(name) + 1);
        line += strcspn(line, "\n");
        if (*line == '\n') line++;
    }
}

void ask_networks(int root, bool enters) {
    struct text text = {0}, names = {0};
    bool any = false;
    read_file(NULL, root, "proc/modules", &text);
    add_bytes(&text, "", 1);
    for (size_t i = 0; i < QUESTIONS; i++) any |= wants[i] = is_module_used(text.bytes, questions[i].module);
    note_kinds(text.bytes);
    wants_filters = is_module_used(text.bytes, "cls_*");
    wants_queues = wants_filters || kind_count > 0 || is_module_used(text.bytes, "sch_*");
    free_text(&text);
    if (!any && !wants_queues) return;
    note_network(root, "self", 0);
    if (enters && list_names(root, "proc", &names) >= 0) {
        size_t place = 0;
        for (char *at; (at = next_piece(&names, &place, '/')) != NULL;) {
            if (at[0] == '\0' || strspn(at, "0123456789") != strlen(at) || strlen(at) > 10) continue;
            note_network(root, at, (unsigned)strtoul(at, NULL, 10));
        }
    }
    free_text(&names);
    for (size_t i = 0; i < network_count; i++) open_network(root, &networks[i]);
    /* Whatever is read from here on must be of our own network. Who may enter none may not enter that either. */
    if (is_away && !kernel_enter_network(root, NULL, 0)) _exit(1);
}

/* ---- Answers, when all rights are given up ---- */

/* What is left of an answer would be taken for the next one: nothing more is asked there. */
static int break_off(int *socket, int error) {
    close(*socket);
    *socket = -1;
    return error;
}

/* Adds whole messages until the last; 0, or why they are not all there. What is too much is heard and not kept: a socket
 * takes the next question when it has answered the last. */
static int read_answer(int *socket, int64_t until, struct text *text) {
    static _Alignas(NLMSG_ALIGNTO) char bytes[64 * 1024];
    static size_t kept;
    int result = 0;
    for (;;) {
        ssize_t count = kernel_hear_netlink(*socket, bytes, sizeof bytes, until);
        if (count <= 0) return break_off(socket, count == 0 ? EIO : errno);
        for (size_t at = 0, end = (size_t)count; at < end;) {
            struct nlmsghdr head;
            if (end - at < sizeof head) return break_off(socket, EIO);
            memcpy(&head, bytes + at, sizeof head);
            if (head.nlmsg_len < sizeof head || head.nlmsg_len > end - at) return break_off(socket, EIO);
            int error = 0;
            /* Something changed between two parts: some may be missing, or there twice. */
            if ((head.nlmsg_flags & NLM_F_DUMP_INTR) != 0 && result == 0) result = EIO;
            if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR) {
                if (head.nlmsg_len >= sizeof head + sizeof error) memcpy(&error, bytes + at + sizeof head, sizeof error);
                return error < 0 && error > -4096 ? -error : result;
            }
            size_t length = NLMSG_ALIGN(head.nlmsg_len);
            if (text->length + length > ANSWER_MAX || kept + length > ANSWERS_MAX) result = EFBIG;
            if (result != EFBIG) {
                add_bytes(text, bytes + at, head.nlmsg_len);
                add_bytes(text, "\0\0\0", length - head.nlmsg_len);
                kept += length;
            }
            at += length;
        }
    }
}

static void send_answer(const struct network *network, const char *what, int error, const struct text *text) {
    char name[64];
    snprintf(name, sizeof name, ":network %llu %u %s", (unsigned long long)network->number, network->pid, what);
    send_text(name, error, text);
}

/* Filters hang on queues, and those of the two ends of a device on numbers of their own. */
static int read_filters(int *socket, const struct text *queues, int64_t until, struct text *text) {
    const uint32_t ends = TC_H_MAJ(TC_H_CLSACT);
    unsigned asked = 0;
    for (size_t at = 0; at + sizeof(struct nlmsghdr) + sizeof(struct tcmsg) <= queues->length;) {
        struct nlmsghdr head;
        struct tcmsg queue;
        memcpy(&head, queues->bytes + at, sizeof head);
        memcpy(&queue, queues->bytes + at + sizeof head, sizeof queue);
        at += NLMSG_ALIGN(head.nlmsg_len);
        if (head.nlmsg_len < sizeof head + sizeof queue || queue.tcm_handle == 0) continue;
        bool both = queue.tcm_handle == ends;
        const uint32_t parents[] = {both ? ends | TC_H_MIN_INGRESS : queue.tcm_handle, ends | TC_H_MIN_EGRESS};
        for (size_t i = 0; i < (both ? 2 : 1); i++) {
            if (++asked > QUEUES_MAX) return EFBIG;
            if (!ask_traffic(*socket, RTM_GETTFILTER, queue.tcm_ifindex, parents[i])) return errno;
            int error = read_answer(socket, until, text);
            if (error != 0 && error != ENOENT && error != EINVAL) return error; /* a queue may go meanwhile */
        }
    }
    return 0;
}

static void tell_traffic(struct network *network, int64_t until) {
    struct text queues = {0}, text = {0};
    int *socket = &network->traffic;
    int error = ask_links(*socket) ? read_answer(socket, until, &text) : errno;
    send_answer(network, "links", error, &text);
    int unqueued = ask_traffic(*socket, RTM_GETQDISC, 0, 0) ? read_answer(socket, until, &queues) : errno;
    send_answer(network, "queues", unqueued, &queues);
    clear_text(&text);
    if (wants_filters) {
        error = read_filters(socket, &queues, until, &text);
        send_answer(network, "filters", error != 0 ? error : unqueued, &text);
    }
    clear_text(&text);
    error = 0;
    for (size_t i = 0; i < kind_count && error == 0; i++) {
        error = ask_actions(*socket, kinds[i]) ? read_answer(socket, until, &text) : errno;
    }
    if (kind_count > 0) send_answer(network, "actions", error, &text);
    free_text(&queues);
    free_text(&text);
}

void tell_networks(void) {
    int64_t until = monotonic_ns() + (int64_t)PATIENCE_MS * 1000000;
    struct text text = {0};
    for (size_t i = 0; i < network_count; i++) {
        struct network *network = &networks[i];
        send_answer(network, "looked", network->error, &text);
        if (network->error == 0 && network->traffic > 0) tell_traffic(network, until);
        for (size_t question = 0; question < QUESTIONS; question++) {
            int *socket = &network->firewall[question];
            if (*socket <= 0) continue;
            if (network->error == 0) {
                clear_text(&text);
                int error = read_answer(socket, until, &text);
                send_answer(network, questions[question].name, error, &text);
            }
            if (*socket > 0) close(*socket); /* a socket holds a module, and the namespace that it is in */
        }
        if (network->traffic > 0) close(network->traffic);
        clear_text(&text);
    }
    free_text(&text);
}
