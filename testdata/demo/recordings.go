// Package demo holds recordings of real hosts and programs for the demo, in the form of the file
// source: hosts.csv.gz and workloads.csv.gz. The README beside them says where they are from.
package demo

import "embed"

// Files are the recordings.
//
//go:embed hosts.csv.gz workloads.csv.gz
var Files embed.FS
