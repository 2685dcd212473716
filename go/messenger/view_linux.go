// What the kernel tells of this process and of others. Twin of src/daemon/places.ts and src/daemon/process-identity.ts.

package messenger

import (
	"net"
	"os"
	"strconv"
	"strings"
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

// isPeer: the process at the other end is this one, and this user's. Node cannot ask; here the kernel is asked, beside what authority.json says.
func isPeer(connection net.Conn, pid int) bool {
	raw, err := connection.(*net.UnixConn).SyscallConn()
	if err != nil {
		return false
	}
	var peer *syscall.Ucred
	asked := raw.Control(func(handle uintptr) {
		peer, err = syscall.GetsockoptUcred(int(handle), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	return asked == nil && err == nil && int(peer.Pid) == pid && int(peer.Uid) == os.Getuid()
}

// isAlive: the process of this number, start and boot still runs.
func isAlive(pid int, start, boot string) bool {
	known, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || strings.TrimSpace(string(known)) != boot || start == "" {
		return false
	}
	about, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	// Behind the name, which may hold anything: the state, and as the twentieth the start.
	_, behind, _ := cutLast(string(about), ") ")
	fields := strings.Split(behind, " ")
	return len(fields) > 19 && fields[0] != "Z" && fields[19] == start
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}
