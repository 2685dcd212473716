// The same conversation with everybody who connects to a Unix socket. Implements spec/backend.md 3.1.

package worker

import (
	"net"
	"os"
	"sync"
)

// Serve takes connections until the listener is closed, and returns when all conversations have ended.
func (w *Worker) Serve(listener net.Listener) {
	var all sync.WaitGroup
	for {
		connection, err := listener.Accept()
		if err != nil {
			all.Wait()
			return
		}
		all.Add(1)
		go func() {
			defer all.Done()
			defer connection.Close()
			_ = w.Converse(connection, connection)
		}()
	}
}

// Listen makes the socket, which only its owner may connect to. What stands at the path already is an error: another worker's socket is not ours to take.
func Listen(path string) (net.Listener, error) {
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = listener.Close()
		return nil, err
	}
	return listener, nil
}
