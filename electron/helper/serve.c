/* One request, one answer. */
#include "helper.h"

enum { REQUEST_PATIENCE_MS = 30 * 1000 };

static int refuse(const struct refusal *refusal) {
    send_refusal(refusal, 0);
    send_bye("refused", "none");
    return 1;
}

int serve(const struct helper *helper) {
    static unsigned char body[FRAME_BODY_MAX];
    static struct start_request request;
    char type;
    size_t length;
    switch (receive_frame(&type, body, &length, REQUEST_PATIENCE_MS)) {
    case RECEIVED: break;
    case RECEIVED_BROKEN: return refuse(&bad_frame);
    case RECEIVED_TOO_LATE: return refuse(&start_timeout);
    case RECEIVED_SIGNAL: send_bye("signal", "none"); return 0;
    case RECEIVED_END: send_bye("stdin-closed", "none"); return 0;
    }
    if (type == 'N') return read_snapshots(helper, body, length);
    if (!helper->is_root) return refuse(&not_root);
    if (type == 'F' && length == 0) return read_tracefs(helper);
    if (type != 'S') return refuse(&bad_frame);
    const struct refusal *refusal = read_start_request(body, length, &request);
    return refusal == NULL ? record_modules(helper, &request) : refuse(refusal);
}
