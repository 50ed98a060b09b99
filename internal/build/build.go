// Package build tells what a program was built from.
// In goes what the linker has set; out comes a tag, a commit's first twelve digits, or "(devel)".
// Read this file.
package build

import "runtime/debug"

// Version is what was linked in by -X main.version=…, where that is not empty; else the commit that the program was
// built from, or the version of the module that it was installed by.
func Version(linked string) string {
	if linked != "" {
		return linked
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
