# shellcheck shell=bash
# What the scripts of the action share.
set -euo pipefail

# A workflow command for a person; the text may be anything.
annotate() { # error|warning TEXT
    local text=$2
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=svcgate::%s\n' "$1" "$text"
}

# A mistake in how the action is used: as svcgate's own, exit 4.
refuse() { # TEXT
    annotate error "$1"
    exit 4
}

one_of() { # INPUT VALUE WORD...
    local word
    for word in "${@:3}"; do
        [[ $2 != "$word" ]] || return 0
    done
    refuse "input $1: \"$2\" is not one of: ${*:3}"
}

# Values of ours only; a line break would make a second output.
output() { # NAME VALUE
    [[ $2 != *[$'\r\n']* ]] || refuse "output $1 would have several lines"
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}
