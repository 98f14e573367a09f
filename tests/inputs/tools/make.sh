#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes the files in this folder anew: outputs of k6, hyperfine and go, each run here for a moment. The
# programs are looked for on PATH; one that is not there leaves its files as they are.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
finish() {
    if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap finish EXIT

serve() { # a service on PORT: every 20th answer is an error
    python3 - "$1" <<'PYTHON' &
import http.server, itertools, sys
numbers = itertools.count(1)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(500 if next(numbers) % 20 == 0 else 200)
        self.send_header("Content-Length", "3"); self.end_headers(); self.wfile.write(b"ok\n")
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
PYTHON
    server=$!
    for _ in $(seq 50); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        sleep 0.2
    done
}

if command -v k6 >/dev/null; then
    cat >"$work/load.js" <<'SCRIPT'
import http from 'k6/http';
export const options = { vus: 1, iterations: 60, summaryTrendStats: ['avg', 'med', 'p(90)', 'p(95)', 'p(99)'] };
export default function () { http.get('http://127.0.0.1:18765/'); }
export function handleSummary(data) {
    return __ENV.HANDLED ? { [__ENV.HANDLED]: JSON.stringify(data, null, 1) } : {};
}
SCRIPT
    serve 18765
    k6 run -q --summary-export "$here/k6-export.json" "$work/load.js" >/dev/null
    k6 run -q --new-machine-readable-summary --summary-export "$here/k6-machine.json" "$work/load.js" >/dev/null
    HANDLED=$here/k6-handled.json k6 run -q "$work/load.js" >/dev/null
    k6 run -q --iterations 2 --out "csv=$here/k6-points.csv" --out "json=$work/points.json" "$work/load.js" >/dev/null
    sed -i 4q "$here/k6-points.csv"
    sed 6q "$work/points.json" >"$here/k6-points.jsonl"
fi

if command -v hyperfine >/dev/null; then
    hyperfine -N -r 6 -w 1 -n old 'sleep 0.01' -n new 'sleep 0.02' \
        --export-json "$here/hyperfine.json" --export-csv "$here/hyperfine.csv" >/dev/null 2>&1
fi

if command -v go >/dev/null; then
    cd "$work"
    printf 'module example.test/bench\n\ngo 1.21\n' >go.mod
    cat >bench_test.go <<'SOURCE'
package bench

import (
	"strings"
	"testing"
)

func BenchmarkJoin(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		_ = strings.Repeat("ab", 100)
	}
}

func BenchmarkCopy(b *testing.B) {
	from, to := make([]byte, 4096), make([]byte, 4096)
	b.SetBytes(4096)
	for i := 0; i < b.N; i++ {
		copy(to, from)
	}
}
SOURCE
    go test -bench . -count 3 -benchtime 2000x >"$here/go-bench.txt"
fi
