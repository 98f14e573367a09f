#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Completion in real shells, the manual page by a linter, and that both know every verb and option.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

mkdir bin data
ln -s "$SVCGATE" bin/svcgate
PATH=$WORK/bin:$PATH
touch 'data/a file.yaml' data/other.yaml
for shell in bash zsh fish; do svcgate completion "$shell" >"$shell.txt"; done
svcgate man >svcgate.1

mapfile -t VERBS < <(svcgate --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p')
declare -A OPTIONS
for verb in "${VERBS[@]}"; do
    OPTIONS[$verb]=$(svcgate "$verb" --help | sed -n '/^Options:/,$s/^ \{2,6\}\(-., \)\?--\([a-z-]*\).*/\2/p')
done
((${#VERBS[@]} > 10)) || fail "the verbs were not found"

# The answers of each shell, one a line, sorted, without descriptions.
complete_bash() { # LINE (words parted by single spaces; the last one is completed)
    bash --norc --noprofile -u -c '
        . ./bash.txt
        IFS=" " read -r -a COMP_WORDS <<<"$1"
        if [[ $1 == *" " ]]; then COMP_WORDS+=(""); fi
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _svcgate svcgate "${COMP_WORDS[COMP_CWORD]}" ""
        printf "%s\n" ${COMPREPLY[@]+"${COMPREPLY[@]}"}' - "$1" | sort
}
complete_fish() { # fish 4.0 adds words that have the letters anywhere; those are not looked at
    fish --no-config -c "source fish.txt; complete -C '$1'" | cut -f 1 | sort -u |
        word=${1##* } awk 'index($0, ENVIRON["word"]) == 1'
}
complete_zsh() { "$SG_ROOT/tests/cli/zsh_complete.py" zsh.txt "$1" | sort; }

expect() { # SHELL LINE WORD...
    local shell=$1 line=$2 answer wanted
    shift 2
    answer=$("complete_$shell" "$line" | paste -sd ' ')
    wanted=$(printf '%s\n' "$@" | sort | paste -sd ' ')
    [[ $answer == "$wanted" ]] || fail "$shell, \"$line\": \"$answer\" instead of \"$wanted\""
}

for shell in bash zsh fish; do
    claim "$shell completes verbs, sub-commands, options and their words"
    expect "$shell" "svcgate ba" baseline
    expect "$shell" "svcgate baseline " list promote prune save show
    expect "$shell" "svcgate run --mo" --mode
    expect "$shell" "svcgate run --mode " gate observe
    expect "$shell" "svcgate judge --better h" higher
    expect "$shell" "svcgate completion " bash fish zsh
    expect "$shell" "svcgate judge --format gitl" gitlab-load

    claim "$shell completes files where a file is meant"
    file=data/other.yaml
    if [[ $shell == zsh ]]; then file=other.yaml; fi # it keeps the folder by itself
    expect "$shell" "svcgate run --config data/o" "$file"
    expect "$shell" "svcgate judge data/o" "$file"
done

claim "bash keeps a file's name with a space whole"
expect bash "svcgate judge data/a" "data/a file.yaml"

claim "bash completes behind an equals sign, which it takes for a word"
expect bash "svcgate run --mode = g" gate
expect bash "svcgate run --mode =" gate observe

claim "bash completes nothing where only the user knows"
expect bash "svcgate run --port " ""

claim "every format of the program is completed"
formats=$({ svcgate judge --format nonsense - 2>&1 || true; } | sed -n 's/.*known are //p' | tr -d ',')
[[ -n $formats ]] || fail "the formats are not told"
for shell in bash fish; do
    # shellcheck disable=SC2086 # words
    expect "$shell" "svcgate report --format " $formats
done

for verb in "${VERBS[@]}"; do
    claim "the completions and the manual know $verb and its options"
    words=(--help)
    for option in ${OPTIONS[$verb]}; do words+=("--$option"); done
    expect fish "svcgate $verb --" "${words[@]}"
    expect bash "svcgate $verb --" "${words[@]}"
    grep -q "^ *'$verb:" zsh.txt || fail "zsh does not know the verb"
    grep -qx "\.SS \"$verb\"" svcgate.1 || fail "the manual lacks the verb"
    for option in ${OPTIONS[$verb]}; do
        sed -n "/^                $verb)/,/^                    ;;/p" zsh.txt |
            grep -qE -- "--${option}(=|'|\\[|\\})" ||
            fail "zsh lacks --$option"
        sed -n "/^\.SS \"$verb\"/,/^\.S[SH] /p" svcgate.1 | grep -qF -- "\\fB\\-\\-${option//-/\\-}\\fR" ||
            fail "the manual lacks --$option"
    done
done

claim "the scripts are right by their own shells"
bash -n bash.txt || fail "bash"
zsh -n zsh.txt || fail "zsh"
fish -n fish.txt || fail "fish"

claim "the manual page is right"
mandoc -T lint -W warning svcgate.1 >"$WORK/.out" || fail "mandoc has something to say"
silent out
for section in NAME SYNOPSIS DESCRIPTION VERBS "EXIT STATUS" ENVIRONMENT FILES "SEE ALSO"; do
    grep -qx "\.SH \"$section\"" svcgate.1 || fail "no section $section"
done
mandoc -T ascii svcgate.1 | sed 's/.\x08//g' >manual.txt
grep -q NAME manual.txt || fail "it cannot be read"

claim "a backslash and a leading dot of the tables stay what they are"
grep -qE -- '--port 8080 \\$' manual.txt || fail "the backslash of the example is gone"
grep -q '^ *\.svcgate/SESSION/' manual.txt || fail "the line that starts with a dot is gone"

claim "an installation has all of it where man and the shells look"
DESTDIR=$WORK/installed cmake --install "$(dirname "$SVCGATE")" --prefix /usr >"$WORK/.out" 2>&1 || fail "cmake --install"
same_file installed/usr/share/man/man1/svcgate.1 svcgate.1
same_file installed/usr/share/bash-completion/completions/svcgate bash.txt
same_file installed/usr/share/zsh/site-functions/_svcgate zsh.txt
same_file installed/usr/share/fish/vendor_completions.d/svcgate.fish fish.txt

claim "another shell is a usage error"
run 4 completion tcsh
silent out
err_has "bash, zsh or fish"
run 4 completion
run 4 man page

done_testing
