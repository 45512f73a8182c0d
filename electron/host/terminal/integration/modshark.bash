# Read by bash in place of ~/.bashrc, which it reads first: tells ModShark's terminal where a command begins and ends.
# Nothing is written to the user's files, and no other program gets the key: it leaves the environment at once.
__modshark_key=${MODSHARK_MARKS-}
unset MODSHARK_MARKS
if [ -r ~/.bashrc ]; then . ~/.bashrc; fi

# PS0 came with 4.4.
if [[ -n $__modshark_key ]] && ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) && shopt -q promptvars; then
  # One line of at most 4096 bytes without control characters: \\ and \n are all that is escaped.
  __modshark_mark() {
    local LC_ALL=C text=${2:0:4096}
    text=${text//\\/\\\\}
    text=${text//$'\n'/\\n}
    printf '\e]133;%s;modshark=%s;%s\a' "$1" "$__modshark_key" "${text//[[:cntrl:]]/ }"
  }

  # The newest entry of the history, with its number.
  __modshark_newest() { HISTTIMEFORMAT='' builtin history 1; }

  # The same without it.
  __modshark_line_of() {
    local LC_ALL=C
    __modshark_line=$1
    [[ $1 =~ ^[[:space:]]*[0-9]+[*[:space:]][[:space:]] ]] && __modshark_line=${1:${#BASH_REMATCH[0]}}
  }

  # First of PROMPT_COMMAND.
  __modshark_ended() {
    local status=$?
    __modshark_mark D "$status"
    return "$status"
  }

  # Last of PROMPT_COMMAND: what runs from here on was typed.
  __modshark_ready() {
    __modshark_before=$(__modshark_newest)
    __modshark_typed=1
  }

  # A new entry of the history is the line that was typed. Without one it was left out: it began with a blank, or
  # repeats the entry before it. Which of these is seen when its first command runs.
  __modshark_begins() {
    local entry
    entry=$(__modshark_newest)
    __modshark_line=
    [[ $entry == "$__modshark_before" ]] || __modshark_line_of "$entry"
    __modshark_mark C "$__modshark_line"
  }

  __modshark_first_command() {
    if [[ -n $__modshark_typed ]]; then
      __modshark_typed=
      if [[ $(__modshark_newest) == "$__modshark_before" ]]; then
        __modshark_line_of "$__modshark_before"
        local first=${__modshark_line%%[[:space:]]*}
        local expanded=${BASH_ALIASES[$first]-$first}${__modshark_line#"$first"}
        expanded=${expanded//[[:space:]]/}
        [[ -n $expanded && $expanded == "${BASH_COMMAND//[[:space:]]/}"* ]] && __modshark_mark E "$__modshark_line"
      fi
    fi
    # So that the command finds $_ as it was.
    : "$1"
  }

  PS0='$(__modshark_begins)'${PS0-}
  if [[ "$(declare -p PROMPT_COMMAND 2>/dev/null)" == 'declare -a'* ]]; then
    PROMPT_COMMAND=(__modshark_ended "${PROMPT_COMMAND[@]}" __modshark_ready)
  else
    PROMPT_COMMAND=__modshark_ended$'\n'${PROMPT_COMMAND-}$'\n'__modshark_ready
  fi
  # A trap of the user's own stays; repeated commands are then marked without their text.
  if [[ -z $(trap -p DEBUG) ]]; then trap '__modshark_first_command "$_"' DEBUG; fi
fi
