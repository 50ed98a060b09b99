// Command leaker takes memory and never gives it back: so many bytes a second.
package main

import (
	"os"
	"strconv"
	"time"
)

var kept [][]byte

func main() {
	perSecond, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	for range time.Tick(100 * time.Millisecond) {
		b := make([]byte, perSecond/10)
		for i := range b {
			b[i] = byte(i)
		}
		kept = append(kept, b)
	}
}
