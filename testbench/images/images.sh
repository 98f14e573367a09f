# shellcheck shell=bash
# The images of the testbench and of the demo: pulled where a registry can be reached, built from
# package registries where not. Sourced by ./dev. SVCGATE_IMAGES=pull or build forbids the other way.

IMAGE_TABLE=$IMAGES/../images.txt
REGISTRY_ANSWERS=

image_rows() { grep -v -E '^[[:space:]]*(#|$)' "$IMAGE_TABLE"; }
image_names() { image_rows | awk '{print $1}'; }
image_here() { docker image inspect "$1" >/dev/null 2>&1; }

# Whether pulling is worth a try; asked once. An engine may have a mirror that we do not see.
registry_answers() {
    local code
    if [[ -z $REGISTRY_ANSWERS ]]; then
        code=$(curl -s -o /dev/null --max-time 5 -w '%{http_code}' https://registry-1.docker.io/v2/ || true)
        if [[ $code == 200 || $code == 401 ]] ||
            [[ $(docker info --format '{{len .RegistryConfig.Mirrors}}' 2>/dev/null) -gt 0 ]]; then
            REGISTRY_ANSWERS=yes
        else
            REGISTRY_ANSWERS=no
        fi
    fi
    [[ $REGISTRY_ANSWERS == yes ]]
}

image_pull() { # REFERENCE
    case ${SVCGATE_IMAGES:-auto} in
        build) return 1 ;;
        auto) registry_answers || return 1 ;;
        pull) ;;
        *) die "SVCGATE_IMAGES=$SVCGATE_IMAGES means nothing" "use auto, pull or build" ;;
    esac
    say "pulling $1"
    docker pull --quiet "$1" >&2 && return
    REGISTRY_ANSWERS=no
    [[ ${SVCGATE_IMAGES:-auto} != pull ]] || die "$1 could not be pulled" "unset SVCGATE_IMAGES to build it"
    say "$1 could not be pulled"
    return 1
}

# Sees to every image of the table and exports SVCGATE_IMAGE_<NAME> for each that is there. A value
# set before wins.
images_ready() {
    local name official built variable
    while read -r name official built <&3; do
        variable=SVCGATE_IMAGE_${name^^}
        if [[ -n ${!variable:-} && ${!variable} != "$built" && ${!variable} != "$official" ]]; then
            say "$name: ${!variable}, from $variable"
            continue
        fi
        if [[ ${SVCGATE_IMAGES:-auto} != build ]] && image_here "$official"; then
            export "$variable=$official"
        elif [[ $built != - && ${SVCGATE_IMAGES:-auto} != pull ]] && image_current "$name" "$built"; then
            export "$variable=$built"
        elif image_pull "$official"; then
            export "$variable=$official"
        elif [[ $built != - ]]; then
            image_build "$name" "$built"
            export "$variable=$built"
        else
            unset "$variable"
        fi
    done 3< <(image_rows)
    demo_ready
}

# The hash of what an image is made from; a label of the image.
image_hash() { # NAME
    (recipe_hash "$1"; declare -f image_build image_root) | sha256sum | cut -c 1-16
}

image_current() { # NAME REFERENCE
    [[ $(docker image inspect --format '{{index .Config.Labels "svcgate.recipe"}}' "$2" 2>/dev/null) == \
        "$(image_hash "$1")" ]]
}

# One static binary on an empty root: no builder needed, so `docker import` does it.
image_build() { # NAME REFERENCE
    local folder changes user home key old
    binary_ready "$1"
    recipe_read "$1"
    user=${RECIPE[user]} home=${RECIPE[home]}
    folder=$(mktemp -d "$CACHE/tmp.XXXXXX")
    image_root "$folder/all"
    mkdir -p "$folder/own/$home"
    tar -C "$folder/all" --sort=name --owner=0 --group=0 --numeric-owner -cf "$folder/tar" .
    if [[ $home != / ]]; then
        tar -C "$folder/own" --owner="$user" --group="$user" --numeric-owner -rf "$folder/tar" "./${home#/}"
    fi
    changes=(--change "LABEL svcgate.recipe=$(image_hash "$1")" --change "USER $user" --change "WORKDIR $home"
        --change "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    for key in entrypoint cmd volume expose; do
        if [[ -n ${RECIPE[$key]:-} ]]; then changes+=(--change "${key^^} ${RECIPE[$key]}"); fi
    done
    old=$(docker image inspect --format '{{.Id}}' "$2" 2>/dev/null || true)
    docker import "${changes[@]}" "$folder/tar" "$2" >/dev/null
    [[ -z $old ]] || docker image rm "$old" >/dev/null 2>&1 || true # a container may still need it
    rm -rf "$folder"
}

# What a program expects of a root besides itself: users, certificates, a place for temporary files.
image_root() { # FOLDER
    local certificates=/etc/ssl/certs/ca-certificates.crt
    mkdir -p "$1/etc/ssl/certs" "$1/tmp"
    chmod 1777 "$1/tmp"
    install -D -m 755 "$BINARY" "$1/${RECIPE[path]}"
    printf '%s\n' 'root:x:0:0:root:/root:/sbin/nologin' "k6:x:12345:12345::/home/k6:/sbin/nologin" \
        'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin' >"$1/etc/passwd"
    printf '%s\n' 'root:x:0:' 'k6:x:12345:' 'nobody:x:65534:' >"$1/etc/group"
    [[ ! -r $certificates ]] || install -m 644 "$certificates" "$1/etc/ssl/certs/"
}

# The base of the demo's Node.js service: NODE_BASE.
node_ready() {
    local official=node:22-slim built=svcgate-built/node:18
    if [[ ${SVCGATE_IMAGES:-auto} != build ]] && image_here "$official"; then
        NODE_BASE=$official
    elif image_here "$built"; then
        NODE_BASE=$built
    elif image_pull "$official"; then
        NODE_BASE=$official
    else
        node_root
        docker import "$NODE_ROOT" "$built" >/dev/null
        NODE_BASE=$built
    fi
}

# A root with the distribution's Node.js, as a tar file in the cache: NODE_ROOT.
node_root() {
    local suite log=$CACHE/log/node.log components=main
    suite=$(os_release VERSION_CODENAME)
    NODE_ROOT=$CACHE/bin/node-$suite.tar
    [[ ! -s $NODE_ROOT ]] || return 0
    command -v mmdebstrap >/dev/null || packages_install mmdebstrap
    say "making a Node.js image from the distribution's packages (about 20 s)"
    mkdir -p "$CACHE/bin" "$CACHE/log"
    [[ $(os_release ID) != ubuntu ]] || components=main,universe
    as_root mmdebstrap --format=tar --variant=extract --include=nodejs --components="$components" \
        "$suite" "$NODE_ROOT.$$" >"$log" 2>&1 || {
        tail -n 20 "$log" >&2
        die "mmdebstrap could not make a Node.js image; the end of $log is above" \
            "give the engine an image by hand: docker pull node:22-slim"
    }
    mv "$NODE_ROOT.$$" "$NODE_ROOT"
}

os_release() { sed -n "s/^$1=//p" /etc/os-release | tr -d '"'; }

demo_sources_hash() {
    (cd "$ROOT/testbench/services" && find . -type f -print0 | sort -z | xargs -0 sha256sum; echo "$NODE_BASE") |
        sha256sum | cut -c 1-16
}

demo_ids() { docker image inspect --format '{{.Id}}' svcgate-demo/{c,go,node}:1 2>/dev/null; }

# The demo's services. The stamp says which images came of which sources, so that nothing is built
# twice, also not after a change of engine and back.
demo_ready() {
    local stamp
    node_ready
    stamp=$CACHE/demo/$(demo_sources_hash)
    if [[ -r $stamp && -d $CACHE/services && $(demo_ids) == "$(cat "$stamp")" ]]; then return; fi
    go_ready
    say "building the demo's three services"
    mkdir -p "$CACHE/demo" "$CACHE/log"
    NODE_BASE=$NODE_BASE "$ROOT/testbench/services/build" >"$CACHE/log/services.log" 2>&1 || {
        tail -n 20 "$CACHE/log/services.log" >&2
        die "testbench/services/build failed; the end of $CACHE/log/services.log is above" \
            "mend it and run ./dev images"
    }
    demo_ids >"$stamp"
}
