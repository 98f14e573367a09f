#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The private engines of ./dev: whoever reaches the socket is root, so nobody else may get to it, whatever
# the group of its owner. No engine is started: dockerd is a program that says how it was called.
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

mkdir bin cache
printf '#!/bin/sh\necho "$@"\n' >bin/dockerd
chmod +x bin/dockerd
export PATH=$WORK/bin:$PATH CACHE=$WORK/cache

# A function of the engines' scripts, with an engine that never answers.
engines() { # COMMAND...
    bash -c 'set -euo pipefail
        say() { :; }; die() { echo "$*" >&2; exit 1; }; as_root() { "$@"; }
        . "$SG_ROOT/testbench/images/engine.sh"
        . "$SG_ROOT/testbench/images/lanes.sh"
        engine_answers() { false; }; engine_given() { false; }; engine_ready() { :; }; lane_images() { :; }
        NODE_BASE=; image_names() { :; }
        "$@"' engines "$@"
}

private() { # FOLDER
    [[ $(stat -c %a "$1") == 700 ]] || fail "$1 has the mode $(stat -c %a "$1")"
}

claim "the engine's folder is its owner's alone"
umask 002
engines engine_begin
private cache/engine

claim "so is one that was there before"
chmod 775 cache/engine
engines engine_begin
private cache/engine

claim "so are those of the lanes"
ENGINE_HELD=yes engines eval 'ENGINE_HELD=yes; lanes_begin 3'
private cache/lane-2
private cache/lane-3

done_testing
