//go:build !linux

package realserver

import "syscall"

// dieWithParent has no counterpart outside Linux: a killed test leaves its servers running.
func dieWithParent() *syscall.SysProcAttr { return nil }
