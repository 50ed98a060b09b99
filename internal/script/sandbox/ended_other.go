//go:build !unix

package sandbox

import "os"

// peak is not told here.
func peak(*os.ProcessState) int64 { return 0 }

// endedBy: there are no signals here.
func endedBy(*os.ProcessState) string { return "" }
