//go:build !linux

package torture

import "syscall"

// dieWithParent can be said on Linux alone.
func dieWithParent() *syscall.SysProcAttr { return nil }
