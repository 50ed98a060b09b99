// Command leaker takes memory and never gives it back, so many bytes a second.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

var kept [][]byte

func main() {
	perSecond, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	const ticks = 10 // a second
	for range time.Tick(time.Second / ticks) {
		piece := make([]byte, perSecond/ticks)
		for i := 0; i < len(piece); i += 1024 { // memory counts once it is written to
			piece[i] = 1
		}
		kept = append(kept, piece)
	}
}
