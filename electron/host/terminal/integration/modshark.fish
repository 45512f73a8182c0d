# Read by fish after the user's config.fish: tells ModShark's terminal where a command begins and ends.
set -g __modshark_key $MODSHARK_MARKS
set -e MODSHARK_MARKS

if test -n "$__modshark_key"
    # One line without control characters: \\ and \n are all that is escaped.
    function __modshark_mark
        set -l lines (string split \n -- (string sub --length 4096 -- $argv[2] | string collect))
        set lines (string replace --all '\\' '\\\\' -- $lines | string replace --all --regex '[[:cntrl:]]' ' ')
        printf '\e]133;%s;modshark=%s;%s\a' $argv[1] $__modshark_key (string join '\\n' -- $lines)
    end
    function __modshark_begins --on-event fish_preexec
        __modshark_mark C $argv[1]
    end
    function __modshark_ended --on-event fish_postexec
        __modshark_mark D $status
    end
end
