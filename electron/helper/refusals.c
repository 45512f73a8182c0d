#include "helper.h"

const struct refusal not_root = {"not-root", "The capture helper must run as root, by pkexec, sudo or root itself"};
const struct refusal bad_caller = {"bad-caller", "PKEXEC_UID or SUDO_UID does not name a user"};
const struct refusal start_timeout = {"start-timeout", "Nobody asked for anything within the time allowed"};
const struct refusal bad_frame = {"bad-frame", "The request is not a whole frame of a known kind"};
const struct refusal bad_version = {"bad-version", "The request is written for another version of this helper"};
const struct refusal bad_events = {"bad-events", "The request names no event, or one that does not exist"};
const struct refusal bad_flags = {"bad-flags", "The request sets an option that does not exist, or excludes nothing"};
const struct refusal bad_buffer = {"bad-buffer", "The buffer must have 64 KiB to 64 MiB for each CPU"};
const struct refusal too_many_names = {"too-many-names", "At most 256 module names can be given"};
const struct refusal bad_name = {"bad-name", "A module name has 1 to 55 letters, digits, underscores or dashes"};
const struct refusal filter_too_long = {"filter-too-long", "The kernel takes no filter as long as these names need"};
const struct refusal no_tracefs = {"no-tracefs", "tracefs is mounted neither at /sys/kernel/tracing nor under debugfs"};
const struct refusal tracefs_forbidden = {"tracefs-forbidden", "The kernel keeps even root out of tracefs (lockdown)"};
const struct refusal no_module_events = {"no-module-events", "This kernel has none of the module events asked for"};
const struct refusal instance_failed = {"instance-failed", "No trace instance could be made"};
const struct refusal buffer_refused = {"buffer-refused", "The kernel refused a buffer of this size"};
const struct refusal filter_refused = {"filter-refused", "The kernel did not take the filter as it was written"};
const struct refusal trigger_refused = {"trigger-refused", "The kernel did not take the trigger for stack traces"};
const struct refusal events_refused = {"events-refused", "The kernel did not enable the events"};
const struct refusal pipe_failed = {"pipe-failed", "The trace could not be opened for reading"};
const struct refusal stats_failed = {"stats-failed", "The counts of lost events could not be opened"};
const struct refusal fork_failed = {"fork-failed", "The process that copies the trace could not be started"};
const struct refusal drop_failed = {"drop-failed", "The process that copies the trace could not give up root"};
const struct refusal read_failed = {"read-failed", "The trace could not be read any further"};
const struct refusal clear_failed = {"clear-failed", "The buffer could not be cleared"};
const struct refusal bad_request = {"bad-request", "While recording, only STOP and CLEAR are understood"};
