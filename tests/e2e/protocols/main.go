// SPDX-License-Identifier: Apache-2.0

// A service that speaks no HTTP that a plain GET would understand: gRPC (its library's own health
// service) or WebSocket (an echo). MODE says which, DELAY how long each answer waits.
package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

func serveGRPC(listener net.Listener, delay time.Duration) error {
	slow := func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		time.Sleep(delay)
		return next(ctx, request)
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(slow))
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	return server.Serve(listener)
}

func echo(answer http.ResponseWriter, request *http.Request, delay time.Duration) {
	upgrader := websocket.Upgrader{}
	connection, err := upgrader.Upgrade(answer, request, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	for {
		kind, text, err := connection.ReadMessage()
		if err != nil {
			return
		}
		time.Sleep(delay)
		if connection.WriteMessage(kind, text) != nil {
			return
		}
	}
}

func main() {
	delay, err := time.ParseDuration(os.Getenv("DELAY"))
	if err != nil {
		delay = 0
	}
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("MODE") == "grpc" {
		log.Fatal(serveGRPC(listener, delay))
	}
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		echo(answer, request, delay)
	})))
}
