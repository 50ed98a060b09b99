//go:build race

package sandbox

// raceDetector: its own memory is many times the program's, so that limits of memory would end every
// script.
const raceDetector = true
