package sandbox

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Line is one print of a script, or what is said of its run.
type Line struct {
	At   time.Time
	Text string
	Said bool // by this program, not by the script
}

// Kinds of frame: a job goes to the child; calls, prints and done come from it; an answer follows
// each call.
const (
	kindJob    = "job"
	kindCall   = "call"
	kindAnswer = "answer"
	kindPrint  = "print"
	kindDone   = "done"
)

// frame is one message: its length in four bytes, big-endian, then JSON.
type frame struct {
	Kind    string          `json:"kind"`
	Name    string          `json:"name,omitempty"` // of a call
	Text    string          `json:"text,omitempty"` // of a print
	At      time.Time       `json:"at,omitzero"`
	Error   string          `json:"error,omitempty"`
	Source  bool            `json:"source,omitempty"` // of an error: the source of samples failed
	Class   string          `json:"class,omitempty"`  // of an error: the exception that it is, ValueError where it says none
	Failure *Failure        `json:"failure,omitempty"`
	Limits  *Limits         `json:"limits,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"`
}

// The longest frames. What comes from a child is not trusted; to it go lists of all hosts.
const (
	maxFromChild  = 8 << 20
	maxFromParent = 256 << 20
)

func write(w io.Writer, f frame) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	length := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(text)), uint32(len(text))) //nolint:gosec // bounded by maxFromParent
	if _, err := w.Write(append(length, text...)); err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	return nil
}

func read(r io.Reader, most uint32) (frame, error) {
	var f frame
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return f, fmt.Errorf("read a message: %w", err)
	}
	n := binary.BigEndian.Uint32(length[:])
	if n > most {
		return f, fmt.Errorf("read a message: %d bytes are more than %d", n, most)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return f, fmt.Errorf("read a message: %w", err)
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("read a message: %w", err)
	}
	return f, nil
}
