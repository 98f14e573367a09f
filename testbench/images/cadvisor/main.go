// cAdvisor's Prometheus endpoint, built from cAdvisor's own packages.
//
// The command of cAdvisor itself is a Go module that cannot be fetched by name, so where the official
// image is out of reach this main stands in for it. Containers, housekeeping and every series come
// from cAdvisor's manager and metrics packages unchanged; only the wiring is ours. Flags have the
// names and defaults of the official command, as far as they are here. Left out: the web UI, the
// REST API, custom collectors, perf and resctrl, OOM events from the kernel's log.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"

	_ "github.com/google/cadvisor/container/docker/install"
	"github.com/google/cadvisor/lib/cache/memory"
	"github.com/google/cadvisor/lib/container"
	"github.com/google/cadvisor/lib/manager"
	"github.com/google/cadvisor/lib/metrics"
	info "github.com/google/cadvisor/lib/model"
	"github.com/google/cadvisor/lib/utils/sysfs"
	"github.com/google/cadvisor/lib/version"
)

var (
	listenIP   = flag.String("listen_ip", "", "IP to listen on, all of them by default")
	port       = flag.Int("port", 8080, "port to listen on")
	showVer    = flag.Bool("version", false, "print the version and exit")
	endpoint   = flag.String("prometheus_endpoint", "/metrics", "path of the metrics")
	keepStats  = flag.Duration("storage_duration", 2*time.Minute, "how long to keep samples in memory")
	allLabels  = flag.Bool("store_container_labels", true, "turn every container label into a metric label")
	someLabels = flag.String("whitelisted_container_labels", "",
		"comma-separated container labels to keep; needs -store_container_labels=false")
	envMetadata   = flag.String("env_metadata_whitelist", "", "comma-separated prefixes of environment variables to keep")
	rawCgroups    = flag.String("raw_cgroup_prefix_whitelist", "", "comma-separated cgroup path prefixes to report even with -docker_only")
	enableMetrics = container.MetricSet{}
	disabled      = container.MetricSet{
		container.MemoryNumaMetrics:              {},
		container.NetworkTcpUsageMetrics:         {},
		container.NetworkUdpUsageMetrics:         {},
		container.NetworkAdvancedTcpUsageMetrics: {},
		container.ProcessSchedulerMetrics:        {},
		container.ProcessMetrics:                 {},
		container.HugetlbUsageMetrics:            {},
		container.ReferencedMemoryMetrics:        {},
		container.CPUTopologyMetrics:             {},
		container.ResctrlMetrics:                 {},
		container.CPUSetMetrics:                  {},
	}
)

func main() {
	flag.Var(&disabled, "disable_metrics", "comma-separated kinds of metrics to leave out")
	flag.Var(&enableMetrics, "enable_metrics", "comma-separated kinds of metrics to report; overrides -disable_metrics")
	klog.InitFlags(nil)
	flag.Parse()
	if *showVer {
		fmt.Printf("cAdvisor version %s (%s)\n", version.Version, version.Revision)
		return
	}
	if err := run(); err != nil {
		klog.Flush()
		fmt.Fprintln(os.Stderr, "cadvisor:", err)
		os.Exit(1)
	}
}

func run() error {
	included := enableMetrics
	if len(included) == 0 {
		included = container.AllMetrics.Difference(disabled)
	}
	housekeeping := manager.HousekeepingConfigFlags
	m, err := manager.New(memory.New(*keepStats, nil), sysfs.NewRealSysFs(), housekeeping, included,
		split(*rawCgroups), split(*envMetadata), "", 0)
	if err != nil {
		return fmt.Errorf("creating the manager: %w", err)
	}
	if err := m.Start(); err != nil {
		return fmt.Errorf("starting the manager: %w", err)
	}

	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	mux.Handle(*endpoint, metricsHandler(m, included))
	server := &http.Server{
		Addr:              net.JoinHostPort(*listenIP, strconv.Itoa(*port)),
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
	}

	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	go func() {
		<-stop.Done()
		server.Close()
	}()
	klog.Infof("listening on %s", server.Addr)
	err = server.ListenAndServe()
	if stop.Err() != nil {
		return m.Stop()
	}
	return err
}

// metricsHandler makes a registry for each scrape, because the query's max_age decides how old a
// sample may be: max_age=0s makes every container's housekeeping run before the answer.
func metricsHandler(m manager.Manager, included container.MetricSet) http.Handler {
	labels := metrics.DefaultContainerLabels
	if !*allLabels {
		labels = metrics.BaseContainerLabels(split(*someLabels))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		options, err := requestOptions(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		registry := prometheus.NewRegistry()
		registry.MustRegister(
			metrics.NewPrometheusCollector(m, labels, included, clock.RealClock{}, options),
			metrics.NewPrometheusMachineCollector(m, included))
		promhttp.HandlerFor(registry,
			promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}).ServeHTTP(w, r)
	})
}

func requestOptions(r *http.Request) (info.RequestOptions, error) {
	options := info.RequestOptions{IdType: info.TypeName, Count: 1, Recursive: true}
	if idType := r.URL.Query().Get("type"); idType != "" {
		options.IdType = idType
	}
	text := r.URL.Query().Get("max_age")
	if text == "" {
		return options, nil
	}
	age, err := time.ParseDuration(text)
	if err != nil {
		return options, fmt.Errorf("max_age: %w", err)
	}
	options.MaxAge = &age
	return options, nil
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
