# shellcheck shell=bash
# An image with the programs that a service's stack is made of (PostgreSQL, Redis, nginx, Python with clients
# of both), for the tests of whole stacks: from the distribution's packages. Sourced by ./dev.

STACK_IMAGE=svcgate-built/stack:1
STACK_PACKAGES=dash,coreutils,postgresql,redis-server,nginx-light,python3-minimal,python3-psycopg2,python3-redis

stack_ready() {
    if stack_current; then return; fi
    stack_root
    docker import --change "LABEL svcgate.recipe=$(stack_hash)" \
        --change "ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C" \
        "$STACK_ROOT" "$STACK_IMAGE" >/dev/null
}

stack_hash() { declare -f stack_ready stack_root stack_fill stack_users | sha256sum | cut -c 1-16; }

stack_current() {
    [[ $(docker image inspect --format '{{index .Config.Labels "svcgate.recipe"}}' "$STACK_IMAGE" 2>/dev/null) == "$(stack_hash)" ]]
}

# As a tar file in the cache: STACK_ROOT. Packages are unpacked, none is configured.
stack_root() {
    local folder
    STACK_ROOT=$CACHE/bin/stack-$(stack_hash).tar
    [[ ! -s $STACK_ROOT ]] || return 0
    command -v mmdebstrap >/dev/null || packages_install mmdebstrap
    say "making an image with PostgreSQL, Redis and nginx from the distribution's packages (about a minute)"
    mkdir -p "$CACHE/bin" "$CACHE/log"
    rm -f "$CACHE"/bin/stack-*.tar
    folder=$(mktemp -d "$CACHE/tmp.XXXXXX")
    stack_fill "$folder/root" >"$CACHE/log/stack.log" 2>&1 || {
        tail -n 20 "$CACHE/log/stack.log" >&2
        as_root rm -rf "$folder"
        die "mmdebstrap could not make the image; the end of $CACHE/log/stack.log is above" \
            "tests/e2e/test_real_stacks.py needs it; the others do not"
    }
    as_root tar -C "$folder/root" --sort=name --numeric-owner -cf - . >"$STACK_ROOT.$$"
    as_root rm -rf "$folder"
    mv "$STACK_ROOT.$$" "$STACK_ROOT"
}

# What a server never looks at is taken out: two thirds of the bytes.
stack_fill() { # FOLDER
    local components=main,universe
    [[ $(os_release ID) == ubuntu ]] || components=main
    as_root mmdebstrap --format=directory --variant=extract --include="$STACK_PACKAGES" \
        --components="$components" "$(os_release VERSION_CODENAME)" "$1"
    as_root rm -rf "$1"/usr/share/{doc,man,locale,perl,perl5,info} "$1"/usr/lib/*/{perl,perl-base} "$1"/usr/lib/*/libLLVM* \
        "$1"/usr/lib/postgresql/*/lib/{llvmjit.so,bitcode} "$1"/var/lib/apt "$1"/var/cache/apt
    stack_users "$1"
}

# PostgreSQL starts as nobody but a user with a name; a volume that is mounted at /data is that user's.
stack_users() { # FOLDER
    printf '%s\n' 'root:x:0:0::/:/bin/sh' 'postgres:x:70:70::/tmp:/bin/sh' | as_root tee "$1/etc/passwd"
    printf '%s\n' 'root:x:0:' 'postgres:x:70:' | as_root tee "$1/etc/group"
    as_root install -d -o 70 -g 70 "$1/data"
    as_root mkdir -p "$1/usr/local/bin"
    (cd "$1/usr/local/bin" && as_root ln -s ../../lib/postgresql/*/bin/* .)
}
