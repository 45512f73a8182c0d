/* In tracefs a directory under instances/ is a trace buffer of its own: making it and removing it is all the kernel
 * asks for (Documentation/trace/ftrace.rst, "Instances"). */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"

int kernel_make_instance(int instances, const char *name) {
    return mkdirat(instances, name, 0700);
}

int kernel_remove_instance(int instances, const char *name) {
    return unlinkat(instances, name, AT_REMOVEDIR);
}
