package realserver

import "syscall"

// dieWithParent ends the server with the test binary, also where that is killed.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
