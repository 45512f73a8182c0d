# Read by zsh in place of the user's .zshenv, for ZDOTDIR pointed here: gives ZDOTDIR back, so that zsh goes on with the
# user's own files, and tells ModShark's terminal where a command begins and ends. The key leaves the environment at once.
if [[ -n ${MODSHARK_ZDOTDIR-} ]]; then ZDOTDIR=$MODSHARK_ZDOTDIR; else unset ZDOTDIR; fi
typeset -g __modshark_key=${MODSHARK_MARKS-}
unset MODSHARK_ZDOTDIR MODSHARK_MARKS
if [[ -r ${ZDOTDIR:-$HOME}/.zshenv ]]; then source ${ZDOTDIR:-$HOME}/.zshenv; fi

if [[ -o interactive && -n $__modshark_key ]]; then
  # One line of at most 4096 bytes without control characters: \\ and \n are all that is escaped.
  __modshark_mark() {
    emulate -L zsh
    local LC_ALL=C text=${2[1,4096]}
    text=${text//\\/\\\\}
    text=${text//$'\n'/\\n}
    printf '\e]133;%s;modshark=%s;%s\a' $1 $__modshark_key "${text//[[:cntrl:]]/ }"
  }
  __modshark_ended() { __modshark_mark D $?; }
  __modshark_begins() { __modshark_mark C "$1"; }
  # After the user's .zshrc, and before its hooks, which may change $?.
  __modshark_install() {
    emulate -L zsh
    precmd_functions=(__modshark_ended ${precmd_functions:#__modshark_install})
    preexec_functions=(__modshark_begins $preexec_functions)
    unfunction __modshark_install
  }
  typeset -ga precmd_functions preexec_functions
  precmd_functions+=(__modshark_install)
fi
