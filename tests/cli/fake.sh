# shellcheck shell=bash
# What tests of whole sessions on the fake bench share (tests/fake/README.md): the program that is linked
# with it, what it is told, a small svcgate.yaml. Sourced in place of common.sh, which it sources.
SVCGATE=${SVCGATE_FAKE:?names the program with the fake bench}
# A bundle is synced after each repetition, which takes longer than all the rest of such a session.
if [[ -z ${TMPDIR:-} && -w /dev/shm ]]; then export TMPDIR=/dev/shm; fi
# shellcheck source=tests/cli/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

mkdir "$WORK/fake"
export SG_FAKE=$WORK/fake XDG_CACHE_HOME=$WORK/cache
echo 'export default function () {}' >load.js
cat >svcgate.yaml <<'END'
version: 1
service: { port: 8080 }
variants: { base: "shop:main", candidate: "shop:pr" }
reference: base
load: { script: load.js, rate: 100/s }
plan: { design: turns, repetitions: 6, seed: 1 }
gates: [{ metric: latency_p95, tolerance: 5% }]
END

# What happens in the sessions from now on.
script() { # STATEMENT...
    printf '%s\n' "$@" >"$SG_FAKE/script"
    rm -f "$SG_FAKE/calls"
}

passes() { script "# nothing"; }
fails() { script "factor candidate latency_p95 1.5"; }
undecided() { script "noise latency_p95 0.3"; }
invalid() { script "at * finding invalid broken"; }

# A session that is told, and its exit code.
session() { # CODE WORD...
    rm -rf bundle
    run "$1" run --quiet --out bundle --format text "${@:2}"
}

# A value of a JSON document: `value bundle/session.json plan seed`.
value() { # FILE KEY...
    python3 - "$@" <<'END'
import json
import sys

value = json.load(open(sys.argv[1], encoding="utf-8"))
for key in sys.argv[2:]:
    value = value[int(key) if isinstance(value, list) else key]
print(value if isinstance(value, str) else json.dumps(value))
END
}

is() { # WANTED FOUND WHAT
    if [[ $1 != "$2" ]]; then fail "$3 is $2, not $1"; fi
}
