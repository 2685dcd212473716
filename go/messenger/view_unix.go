// What this process sees of the machine, as the kernel tells it. Twin of src/daemon/places.ts.

//go:build unix

package messenger

import (
	"os"
	"strconv"
	"syscall"
)

const noFollow = syscall.O_NOFOLLOW

// fileView is the same for two processes that find the same files under the same names: mount namespace and root folder.
func fileView() string {
	namespace, _ := os.Readlink("/proc/self/ns/mnt")
	about, err := os.Stat("/")
	if err != nil {
		return ""
	}
	system := about.Sys().(*syscall.Stat_t)
	return namespace + " " + strconv.FormatUint(uint64(system.Dev), 10) + ":" + strconv.FormatUint(uint64(system.Ino), 10)
}

// isOwnSocket: what is no socket, or another user's, is not asked.
func isOwnSocket(path string) bool {
	about, err := os.Lstat(path)
	if err != nil || about.Mode()&os.ModeSocket == 0 {
		return false
	}
	system, is := about.Sys().(*syscall.Stat_t)
	return is && int(system.Uid) == os.Getuid()
}
