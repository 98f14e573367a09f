#!/usr/bin/env bash
# Runs within a root that run.sh made: builds svcgate and installs it where all users find it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DSG_TESTS=OFF
cmake --build build --target svcgate
install build/svcgate /usr/local/bin/svcgate
