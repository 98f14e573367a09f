#!/usr/bin/env bash
# Boots small virtual machines of Debian 13 and its development distribution, with each of Docker's two image
# stores, and uses svcgate there as a user with sudo would: doctor, an unchanged pair, a crash. A table says what came;
# exit 1 when anything was wrong. Nightly and by hand: ./dev vm.
#
#   tests/vm/run.sh IMAGES [NAME...]      IMAGES: an archive of `docker save`; all machines without a name
#
# The machines' kernels, control groups (v2, by systemd), engines and compose are the distribution's. The processor is
# emulated, so all is ten to twenty times slower: what counts is that all data are there and that verdicts come.
# The machines have no network but a forwarded port of ssh. One runs at a time, and none for longer than MINUTES.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
CACHE=${SVCGATE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/svcgate}
LOGS=$ROOT/build/vm
FOLDER=$CACHE/vm
NAME=vm
MACHINES=(trixie trixie-containerd sid sid-containerd)
PACKAGES=(
    linux-image-cloud-amd64 systemd systemd-sysv dbus udev kmod iproute2 iptables passwd sudo procps
    openssh-server ca-certificates curl docker.io docker-cli docker-compose
    gcc libc6-dev ccache cmake ninja-build pkg-config libcurl4-openssl-dev libcjson-dev libfyaml-dev
)
OPTIONS=(--dpkgopt='path-exclude=/usr/share/man/*')
MINUTES=${SVCGATE_VM_MINUTES:-90}
MEMORY=3G
QEMU=

# shellcheck source=tests/distros/roots.sh
. "$ROOT/tests/distros/roots.sh"

leave() {
    trap '' INT TERM
    if [[ -n $CHILD ]]; then
        kill -KILL "$CHILD" 2>/dev/null || true
        wait "$CHILD" 2>/dev/null || true
    fi
    power_off
    drop_root
    rm -rf --one-file-system "$FOLDER/machine"
}

# --- the machine's disk ---------------------------------------------------------------------------

# A file in the root, from standard input.
put() { # PATH
    mkdir -p "$(dirname "$root/$1")"
    cat >"$root/$1"
}

# User, network, ssh and the engine's image store.
configure() { # MACHINE
    chroot "$root" useradd --create-home --shell /bin/bash --groups sudo,docker ci
    echo 'ci ALL=(ALL) NOPASSWD: ALL' | put etc/sudoers.d/ci
    install -d -m 700 "$root/home/ci/.ssh"
    install -m 600 "$machine/key.pub" "$root/home/ci/.ssh/authorized_keys"
    chroot "$root" chown -R ci:ci /home/ci
    printf '[Match]\nName=en* eth*\n[Network]\nDHCP=yes\n' | put etc/systemd/network/10-all.network
    chroot "$root" systemctl --quiet enable systemd-networkd ssh docker
    chroot "$root" systemctl --quiet mask systemd-networkd-wait-online.service apt-daily.timer apt-daily-upgrade.timer
    if [[ $1 == *-containerd ]]; then
        echo '{"features": {"containerd-snapshotter": true}}' | put etc/docker/daemon.json
    fi
    echo "$1" | put etc/hostname
    printf '127.0.0.1 localhost %s\n' "$1" | put etc/hosts
    echo '/dev/vda / ext4 defaults 0 1' | put etc/fstab
}

# MACHINE's kernel, initrd and disk, with svcgate built by the machine's own compiler.
make_machine() { # MACHINE IMAGES
    local suite=${1%-containerd} root machine=$FOLDER/machine
    root=$FOLDER/$suite
    hold_root "$suite"
    rm -rf --one-file-system "$root" "$machine" # of a run that was killed
    root_ready "$suite"
    mkdir -p "$root" "$machine"
    child tar -C "$root" -xf "$FOLDER/$suite.tar"
    copy_sources "$root/svcgate"
    say "$1: building svcgate with its compiler"
    enclosed "$ROOT/tests/distros/enter.sh" "$root" "$FOLDER/ccache" tests/vm/build.sh >"$LOGS/$1.build.log" 2>&1 || {
        tail -n 20 "$LOGS/$1.build.log" >&2
        die "$1: svcgate does not build; the end of $LOGS/$1.build.log is above" "mend it"
    }
    ssh-keygen -q -t ed25519 -N '' -f "$machine/key"
    configure "$1"
    cp "$2" "$root/srv/images.tar"
    mkdir -p "$root/srv/tests" "$root/srv/testbench/services"
    cp -r "$root/svcgate/tests/vm" "$root/srv/tests/"
    cp "$root/svcgate/testbench/services/load.js" "$root/srv/testbench/services/"
    cp "$root"/boot/vmlinuz-* "$machine/kernel"
    cp "$root"/boot/initrd.img-* "$machine/initrd"
    rm -rf "$root/svcgate" "$root/ccache"
    truncate -s 8G "$machine/disk.img"
    child mke2fs -q -t ext4 -d "$root" "$machine/disk.img"
    drop_root
}

# --- the machine at work --------------------------------------------------------------------------

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

power_on() { # MACHINE
    local machine=$FOLDER/machine
    PORT=$(free_port)
    timeout --kill-after=10 "${MINUTES}m" qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m "$MEMORY" \
        -kernel "$machine/kernel" -initrd "$machine/initrd" \
        -append 'root=/dev/vda rw console=ttyS0 quiet net.ifnames=0' \
        -drive "file=$machine/disk.img,if=virtio,format=raw,cache=unsafe" \
        -netdev "user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:$PORT-:22" -device virtio-net-pci,netdev=n0 \
        -device virtio-rng-pci -nographic -no-reboot </dev/null >"$LOGS/$1.console.log" 2>&1 &
    QEMU=$!
}

power_off() {
    [[ -n $QEMU ]] || return 0
    kill "$QEMU" 2>/dev/null || true
    wait "$QEMU" 2>/dev/null || true
    QEMU=
}

# A command in the machine, as the user.
there() { # COMMAND...
    ssh -q -i "$FOLDER/machine/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=60 \
        -o ServerAliveInterval=30 -o ServerAliveCountMax=10 -p "$PORT" ci@127.0.0.1 "$@"
}

wait_for_machine() { # MACHINE
    local try
    for ((try = 0; try < 120; try++)); do
        if child there true; then return; fi
        kill -0 "$QEMU" 2>/dev/null || break
        sleep 5
    done
    tail -n 20 "$LOGS/$1.console.log" >&2
    die "$1 does not boot; the end of $LOGS/$1.console.log is above" "try it by hand"
}

# All lines that tell what came are in MACHINE.result; the engine's answers and the bundles in MACHINE.tar.
try_machine() { # MACHINE IMAGES
    local start=$SECONDS code=0
    make_machine "$1" "$2"
    say "$1: made it in $((SECONDS - start)) s; booting"
    start=$SECONDS
    power_on "$1"
    wait_for_machine "$1"
    say "$1: answers after $((SECONDS - start)) s; doctor and two sessions"
    start=$SECONDS
    child there bash /srv/tests/vm/inside.sh >"$LOGS/$1.log" 2>&1 || code=$?
    child there tar -C /tmp/vm -cf - . >"$LOGS/$1.tar" || code=1
    grep '^result: ' "$LOGS/$1.log" | sed 's/^result: //' >"$LOGS/$1.result" || code=1
    power_off
    rm -rf --one-file-system "$FOLDER/machine"
    say "$1: $((SECONDS - start)) s"
    if ((code != 0)); then
        FAILED+=("$1")
        say "$1: failed; all of it is in $LOGS/$1.log"
    fi
}

table() { # NAME...
    local name
    for name in "$@"; do
        printf '%s\n' "$name"
        sed 's/^/  /' "$LOGS/$name.result"
    done
}

main() {
    local name images=${1:-} wanted=("${@:2}")
    [[ -f $images ]] || die "no archive of images: ${images:-none named}" "run ./dev vm, which makes one"
    ((EUID == 0)) || exec sudo env SVCGATE_CACHE="$CACHE" SVCGATE_VM_MINUTES="$MINUTES" "$HERE/run.sh" "$@"
    if ((${#wanted[@]} == 0)); then wanted=("${MACHINES[@]}"); fi
    for name in "${wanted[@]}"; do
        [[ " ${MACHINES[*]} " == *" $name "* ]] || die "no such machine: $name" "known are: ${MACHINES[*]}"
    done
    mkdir -p "$LOGS" "$FOLDER/ccache"
    exec {ALONE}>"$FOLDER/lock"
    flock -n "$ALONE" || die "another run has a machine" "wait for it"
    mapfile -t MIRROR < <(mirror)
    FAILED=()
    trap leave EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    for name in "${wanted[@]}"; do try_machine "$name" "$images"; done
    table "${wanted[@]}"
    if ((${#FAILED[@]})); then
        say "failed: ${FAILED[*]}"
        exit 1
    fi
}

main "$@"
