// SPDX-License-Identifier: Apache-2.0
// The faults that a test asks for in FAULT_* of the environment; ../README.md says what each does.

package main

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// faults has none when it is zero. All but /healthz counts as a request.
type faults struct {
	neverReady     int64
	close          int64
	crashAfter     int64
	errorPPM       int64 // of the requests
	responseFactor int64 // 0 is as good as 1
	memoryBytes    int64 // a request
	cpuNS          int64 // a request
	cpuPPM         int64 // of the service's own CPU time
	latencyNS      int64
	latencyEvery   int64 // 0 is as good as 1

	mutex     sync.Mutex // guards all below
	requests  int64
	idleCPUNS int64 // what the process had used before the first request
	burnedNS  int64
	hoard     [][]byte
}

// faultRow says where a variable of the environment goes, multiplied by scale.
type faultRow struct {
	name  string
	field *int64
	max   float64
	scale float64
}

func (f *faults) rows() []faultRow {
	return []faultRow{
		{"FAULT_NEVER_READY", &f.neverReady, 1, 1},
		{"FAULT_CLOSE", &f.close, 1, 1},
		{"FAULT_CRASH_AFTER", &f.crashAfter, 1e9, 1},
		{"FAULT_ERROR_RATE", &f.errorPPM, 1, 1e6},
		{"FAULT_RESPONSE_FACTOR", &f.responseFactor, 100, 1},
		{"FAULT_MEMORY_KB", &f.memoryBytes, 1e6, 1024},
		{"FAULT_CPU_US", &f.cpuNS, 1e6, 1e3},
		{"FAULT_CPU_PERCENT", &f.cpuPPM, 1000, 1e4},
		{"FAULT_LATENCY_MS", &f.latencyNS, 60000, 1e6},
		{"FAULT_LATENCY_EVERY", &f.latencyEvery, 1e9, 1},
	}
}

var plainNumber = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// readFaults reads the environment, and also gives " with FAULT_X=..." or nothing for the log.
func readFaults() (f *faults, description string, err error) {
	f = &faults{}
	var given []string
	for _, row := range f.rows() {
		value := os.Getenv(row.name)
		if value == "" {
			continue
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || !plainNumber.MatchString(value) || number > row.max {
			return nil, "", fmt.Errorf("%s: not a number from 0 to %.0f: %s", row.name, row.max,
				value)
		}
		*row.field = int64(math.Round(number * row.scale))
		given = append(given, row.name+"="+value)
	}
	if given != nil {
		description = " with " + strings.Join(given, " ")
	}
	return f, description, nil
}

func processCPU() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// burn burns what is owed up to now: so much a request, and a share of all CPU time that was not
// burned here. As a debt it also covers what a request costs after its answer was made (the
// kernel's sending, the garbage collector): the next one pays. What other threads of the process
// use while this one burns counts as burned, as the burning woke most of them.
func (f *faults) burn() {
	used := processCPU() - f.idleCPUNS
	share := float64(used-f.burnedNS) * (float64(f.cpuPPM) / 1e6)
	owed := f.requests*f.cpuNS + int64(share) - f.burnedNS
	now := used
	for now-used < owed {
		now = processCPU() - f.idleCPUNS
	}
	f.burnedNS += now - used
}

// begin counts a request before any work, and gives its number; it may end the process.
func (f *faults) begin() int64 {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.requests == 0 {
		f.idleCPUNS = processCPU()
	}
	f.requests++
	if f.crashAfter > 0 && f.requests > f.crashAfter {
		fmt.Fprintf(os.Stderr, "catalogue (go): crash after %d requests, as FAULT_CRASH_AFTER asks\n",
			f.crashAfter)
		os.Exit(1)
	}
	return f.requests
}

// end spoils the finished answer of request number n.
func (f *faults) end(n int64, a *answer) {
	const million = 1000000
	if n*f.errorPPM/million > (n-1)*f.errorPPM/million {
		a.fail(500, "injected fault")
	}
	if f.responseFactor > 1 {
		padding := strings.Repeat(" ", len(a.body)*int(f.responseFactor-1))
		a.body = append(a.body, padding...)
	}
	if f.memoryBytes > 0 || f.cpuNS > 0 || f.cpuPPM > 0 {
		f.mutex.Lock()
		f.spend()
		f.mutex.Unlock()
	}
	if f.latencyNS > 0 && (f.latencyEvery < 2 || n%f.latencyEvery == 0) {
		time.Sleep(time.Duration(f.latencyNS))
	}
}

// spend uses up memory and CPU time.
func (f *faults) spend() {
	if f.memoryBytes > 0 {
		more := make([]byte, f.memoryBytes)
		for i := range more {
			more[i] = 1 // touched, so that it is resident
		}
		f.hoard = append(f.hoard, more)
	}
	if f.cpuNS > 0 || f.cpuPPM > 0 {
		f.burn()
	}
}
