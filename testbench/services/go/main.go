// SPDX-License-Identifier: Apache-2.0

// catalogue (go) is the demo service of svcgate in Go. ../README.md describes the API and the
// faults; c/ and node/ hold the same service.
package main

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

const (
	headMax = 8192      // bytes of request line and headers
	bodyMax = 64 * 1024 // bytes of a request's body, which is never looked at
)

type service struct {
	catalogue catalogue
	faults    *faults
}

type answer struct {
	status int
	body   []byte
}

func (a *answer) fail(status int, message string) {
	a.status = status
	a.body = []byte(`{"error":"` + message + "\"}\n")
}

// readQuery reads `a=b&c=d`; the first of several with one name counts.
func readQuery(query string) (parameters map[string]string, sound bool) {
	parameters = map[string]string{}
	for _, piece := range strings.Split(query, "&") {
		name, value, _ := strings.Cut(piece, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if nameErr != nil || valueErr != nil || !utf8.ValidString(name) ||
			!utf8.ValidString(value) {
			return nil, false
		}
		if _, given := parameters[name]; !given && piece != "" {
			parameters[name] = value
		}
	}
	return parameters, true
}

// parseNumber reads one to nine digits.
func parseNumber(s string) (number int, ok bool) {
	if len(s) > 9 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	number, err := strconv.Atoi(s)
	return number, err == nil
}

func parameterNumber(parameters map[string]string, name string, low, high, number int) (int, bool) {
	ok := true
	if text, given := parameters[name]; given {
		number, ok = parseNumber(text)
	}
	return number, ok && number >= low && number <= high
}

func (s *service) getItems(query string, a *answer) {
	parameters, sound := readQuery(query)
	limit, limitOK := parameterNumber(parameters, "limit", 1, 100, 20)
	offset, offsetOK := parameterNumber(parameters, "offset", 0, 999999999, 0)
	switch {
	case !sound:
		a.fail(400, "bad query")
	case !limitOK:
		a.fail(400, "bad limit")
	case !offsetOK:
		a.fail(400, "bad offset")
	default:
		a.body = s.catalogue.list(limit, offset)
	}
}

func (s *service) getItem(idText string, a *answer) {
	id, ok := parseNumber(idText)
	switch {
	case strings.Contains(idText, "/"):
		a.fail(404, "not found")
	case !ok:
		a.fail(400, "bad id")
	case id < 1 || id > itemCount:
		a.fail(404, "no such item")
	default:
		a.body = s.catalogue.item(id)
	}
}

func (s *service) getSearch(query string, a *answer) {
	parameters, sound := readQuery(query)
	limit, limitOK := parameterNumber(parameters, "limit", 1, 100, 20)
	q := parameters["q"]
	switch {
	case !sound:
		a.fail(400, "bad query")
	case !limitOK:
		a.fail(400, "bad limit")
	case len(q) < 1 || len(q) > queryMax:
		a.fail(400, "bad q")
	default:
		a.body = s.catalogue.search(q, limit)
	}
}

func (s *service) getHealth(a *answer) {
	a.body = []byte("{\"status\":\"ok\"}\n")
	if s.faults.neverReady != 0 {
		a.status = 503
		a.body = []byte("{\"status\":\"starting\"}\n")
	}
}

func (s *service) route(method, path, query string, a *answer) {
	id, isItem := strings.CutPrefix(path, "/items/")
	switch {
	case method != http.MethodGet && method != http.MethodHead:
		a.fail(405, "method not allowed")
	case !strings.HasPrefix(path, "/"):
		a.fail(400, "bad path")
	case path == "/healthz":
		s.getHealth(a)
	case path == "/items":
		s.getItems(query, a)
	case isItem:
		s.getItem(id, a)
	case path == "/search":
		s.getSearch(query, a)
	default:
		a.fail(404, "not found")
	}
}

// pathOf gives the path and query of a target, which may also be a whole URL.
func pathOf(target string) (path, query string) {
	if rest, whole := strings.CutPrefix(target, "http://"); whole {
		_, after, found := strings.Cut(rest, "/")
		target = ""
		if found {
			target = "/" + after
		}
	}
	path, query, _ = strings.Cut(target, "?")
	return path, query
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := answer{status: 200}
	header := w.Header()
	switch {
	case strings.IndexFunc(r.RequestURI, func(c rune) bool { return c > 127 }) >= 0:
		a.fail(400, "malformed request")
		header.Set("Connection", "close")
	case r.ContentLength < 0:
		a.fail(411, "length required")
		header.Set("Connection", "close")
	case r.ContentLength > bodyMax:
		a.fail(413, "body too large")
		header.Set("Connection", "close")
	default:
		path, query := pathOf(r.RequestURI)
		if path == "/healthz" {
			s.route(r.Method, path, query, &a)
		} else {
			n := s.faults.begin()
			s.route(r.Method, path, query, &a)
			s.faults.end(n, &a)
		}
	}
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.status == 405 {
		header.Set("Allow", "GET, HEAD")
	}
	if s.faults.close != 0 {
		header.Set("Connection", "close")
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body) // an error means that the client is gone
	}
}

// listenAsAsked takes PORT and HOST of the environment; 8080 on all addresses without them.
func listenAsAsked() (net.Listener, error) {
	port := 8080
	if text := os.Getenv("PORT"); text != "" {
		var ok bool
		if port, ok = parseNumber(text); !ok || port > 65535 {
			return nil, fmt.Errorf("PORT: not a number from 0 to 65535: %s", text)
		}
	}
	host := os.Getenv("HOST")
	if host == "" {
		host = "0.0.0.0"
	}
	return net.Listen("tcp4", net.JoinHostPort(host, strconv.Itoa(port)))
}

func main() {
	// A channel, not the default action: as the first process of a container there is none.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)

	faults, description, err := readFaults()
	if err != nil {
		fmt.Fprintf(os.Stderr, "catalogue (go): %v\n", err)
		os.Exit(2)
	}
	listener, err := listenAsAsked()
	if err != nil {
		fmt.Fprintf(os.Stderr, "catalogue (go): %v\n", err)
		os.Exit(1)
	}
	server := &http.Server{
		Handler:                      &service{newCatalogue(), faults},
		MaxHeaderBytes:               headMax - 4096, // net/http adds 4096
		IdleTimeout:                  75 * time.Second,
		ReadHeaderTimeout:            75 * time.Second,
		DisableGeneralOptionsHandler: true,
	}
	fmt.Fprintf(os.Stderr, "catalogue (go) listening on :%d%s\n",
		listener.Addr().(*net.TCPAddr).Port, description)
	go func() {
		fmt.Fprintf(os.Stderr, "catalogue (go): %v\n", server.Serve(listener))
		os.Exit(1)
	}()
	<-stop
}
