#!/usr/bin/env bash
# Runs within a root that run.sh made: builds with both compilers, warnings shown, and runs the tests that
# need no containers. Writes build/result, NAME=VALUE a line, for the table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p build/parts

# By name, each with its reason, which is printed.
LEFT_OUT=(
    "cli_html: needs Chromium, which shows the same on every distribution"
)

result() { printf "%s='%s'\n" "$1" "$2" | tee -a build/result; } # NAME VALUE

library() { pkg-config --modversion "$1"; } # MODULE

build() { # COMPILER TYPE
    cmake -S . -B "build/$1" -G Ninja -DCMAKE_BUILD_TYPE="$2" -DCMAKE_C_COMPILER="$1" &&
        cmake --build "build/$1" -- -k 0
} 2>&1

result gcc "$(gcc -dumpfullversion)"
result clang "$(clang -dumpversion)"
result curl "$(library libcurl)"
result fyaml "$(library libfyaml)"
result cjson "$(library libcjson)"
result cmocka "$(library cmocka)"

for row in gcc:Release clang:Debug; do
    if ! build "${row%:*}" "${row#*:}" | tee -a build/compile.log; then
        result state "does not build with ${row%:*}"
        exit 1
    fi
done
result warnings "$(grep -c -E ' warning: ' build/compile.log || true)"

for row in "${LEFT_OUT[@]}"; do echo "distros: left out $row"; done
names=$(printf '|%s' "${LEFT_OUT[@]%%:*}")
ctest --test-dir build/gcc -LE '^(e2e|ci)$' -E "^(${names#|})\$" -j "$(nproc)" --no-tests=error --output-on-failure \
    --test-output-size-passed 65536 --output-junit ../parts/tests.xml || true
code=0
python3 tests/summary.py build/parts distros | tee build/summary.txt || code=$?
for word in passed failed skipped; do
    result "$word" "$(sed -n "s/^\(.* \)\?\([0-9]*\) $word.*/\2/p" build/summary.txt | tail -n 1)"
done
exit "$code"
