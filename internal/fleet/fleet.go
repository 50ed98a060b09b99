// Package fleet makes hosts whose memory behaves in known ways, leaking and healthy.
//
// In goes a seed and a kind; out comes a leak.Series of up to eight days with its truth: whether it
// leaks, since when, how fast. The detector's curves are taught on some kinds (leak/curves.go) and
// measured on others that it has never seen. Read host.go first, then the two files of kinds.
package fleet
