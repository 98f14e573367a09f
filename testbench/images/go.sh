# shellcheck shell=bash
# A Go new enough for the recipes, and binaries built with it. Sourced by ./dev. Needed only where
# something must be compiled: GO is the command once go_ready has run.

GO=
GO_TOOLCHAIN=go1.26.8 # fetched as a Go module where the Go at hand is too old
IMAGES=$ROOT/testbench/images

# The newest `go` directive of the recipes.
go_needed() {
    awk '$1 == "go" {print $2}' "$IMAGES"/*/go.mod | sort -V | tail -n 1
}

go_version() { # COMMAND
    local text
    text=$(GOTOOLCHAIN=local "$1" version 2>/dev/null) || return 1
    [[ $text =~ go([0-9.]+) ]] && echo "${BASH_REMATCH[1]}"
}

go_commands() {
    local go
    for go in "$(command -v go || true)" /usr/local/go/bin/go /usr/lib/go-*/bin/go; do
        if [[ -x $go ]]; then echo "$go"; fi
    done
}

go_ready() {
    local needed candidate
    [[ -z $GO ]] || return 0
    needed=$(go_needed)
    for candidate in $(go_commands) "$(go_module_dir)/bin/go"; do
        if at_least "$(go_version "$candidate" || echo 0)" "$needed"; then
            GO=$candidate
            break
        fi
    done
    [[ -n $GO ]] || go_fetch
    PATH=$(dirname "$GO"):$PATH
    # What is compiled shall not depend on the user's settings, nor leave 4 GB in the home folder that
    # `./dev clean --all` does not see.
    export PATH GOTOOLCHAIN=local GOFLAGS='-buildvcs=false -modcacherw' GOWORK=off CGO_ENABLED=0
    export GOMODCACHE=$CACHE/go GOCACHE=$CACHE/go-build
}

go_platform() {
    case $(uname -m) in
        x86_64) echo linux-amd64 ;;
        aarch64) echo linux-arm64 ;;
        *) die "no Go toolchain for $(uname -m) here" "install Go $(go_needed) or newer" ;;
    esac
}

go_module_dir() {
    echo "$CACHE/go/golang.org/toolchain@v0.0.1-$GO_TOOLCHAIN.$(go_platform)"
}

# The Go project publishes every toolchain as a module too: any older go can fetch it.
go_fetch() {
    local old folder
    old=$(go_commands | head -n 1)
    if [[ -z $old ]]; then
        packages_install golang-go
        old=$(go_commands | head -n 1)
        at_least "$(go_version "$old")" "$(go_needed)" && { GO=$old; return; }
    fi
    say "fetching Go ${GO_TOOLCHAIN#go}, as $(go_version "$old") is older than $(go_needed)"
    mkdir -p "$CACHE"
    folder=$(mktemp -d "$CACHE/tmp.XXXXXX")
    (cd "$folder" && GOMODCACHE=$CACHE/go GOFLAGS=-modcacherw GO111MODULE=on GOTOOLCHAIN=local GOWORK=off \
        "$old" mod download "golang.org/toolchain@v0.0.1-$GO_TOOLCHAIN.$(go_platform)" >&2) ||
        die "Go $GO_TOOLCHAIN could not be fetched from the Go module proxy" \
            "install Go $(go_needed) or newer, or set GOPROXY"
    rm -rf "$folder"
    folder=$(go_module_dir)
    chmod -R u+w "$folder"
    # A module's zip holds no modes.
    chmod +x "$folder"/bin/* "$folder"/pkg/tool/*/*
    GO=$folder/bin/go
    at_least "$(go_version "$GO")" "$(go_needed)" ||
        die "$GO does not run" "install Go $(go_needed) or newer"
}

# Reads a recipe, a file of lines `key value`, into RECIPE.
declare -A RECIPE
recipe_read() { # NAME
    local key value
    RECIPE=([tags]='' [ldflags]='')
    while read -r key value; do
        if [[ -n $key && $key != '#'* ]]; then RECIPE[$key]=$value; fi
    done <"$IMAGES/$1/recipe"
}

recipe_hash() { # NAME
    (cat "$IMAGES/$1"/*; uname -m) | sha256sum | cut -c 1-16
}

# Builds one recipe's binary unless the cache has it; BINARY is its path.
binary_ready() { # NAME
    local log=$CACHE/log/$1.log start=$SECONDS
    recipe_read "$1"
    BINARY=$CACHE/bin/$1-${RECIPE[version]}-$(recipe_hash "$1")
    [[ ! -x $BINARY ]] || return 0
    go_ready
    mkdir -p "$CACHE/bin" "$CACHE/log"
    say "building $1 ${RECIPE[version]} from its Go module (about ${RECIPE[seconds]} s on two cores)"
    (cd "$IMAGES/$1" && "$GO" build -mod=readonly -trimpath -tags "${RECIPE[tags]}" \
        -ldflags "-s -w ${RECIPE[ldflags]}" -o "$BINARY.$$" "${RECIPE[package]}") >"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        die "$1 could not be built; the end of $log is above" \
            "check the way to the Go module proxy (GOPROXY)"
    }
    mv "$BINARY.$$" "$BINARY"
    say "built $1 in $((SECONDS - start)) s"
}
