#!/usr/bin/env bash
# enter.sh ROOT CCACHE SCRIPT: the first process of the namespaces that run.sh makes. It mounts what a program
# expects, goes into the root, and runs a script of the sources there. /sys is read-only and without control groups, as in a container.
set -euo pipefail
root=$1
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t sysfs -o ro sysfs "$root/sys"
mkdir -p "$root/ccache"
mount --bind "$2" "$root/ccache"
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    CCACHE_DIR=/ccache SG_EXPECT_AWAKE=no chroot "$root" bash "/svcgate/$3"
