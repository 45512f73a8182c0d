/* Says of each START body on stdin (4 bytes of length, big end first, then the body) what the helper thinks of it:
 * the refusal's code, or what it understood, one line each. */
#include <stdio.h>

#include "helper.h"

int main(void) {
    static unsigned char body[65536];
    static struct start_request request;
    unsigned char header[4];
    char filter[FILTER_MAX_LENGTH + 1];
    while (fread(header, 1, sizeof header, stdin) == sizeof header) {
        size_t length = (size_t)header[2] << 8 | header[3];
        if (fread(body, 1, length, stdin) != length) return 1;
        const struct refusal *refusal = read_start_request(body, length, &request);
        if (refusal != NULL) {
            puts(refusal->code);
            continue;
        }
        write_filter(&request, filter);
        printf("events=%u stacks=%d buffer=%u filter=%s\n", request.events, request.stack_traces, request.buffer_kib,
               filter);
    }
    return 0;
}
