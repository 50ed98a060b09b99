package script

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
	"testing"
	"time"
)

// QueryAgain queries up to n times in one run, and tells how often it was answered.
func QueryAgain(w *World, n int) (answered int, err error) {
	w.Options.At = time.Unix(1, 0)
	query := w.queryCalls()["query"]
	for ; answered < n && err == nil; answered++ {
		_, err = query(context.Background(), json.RawMessage(`{"metric": "m", "hours": 1, "step": 60}`))
	}
	return answered - 1, err
}

// MayCall tells whether a list lets an address be called, where its name leads to leads.
func MayCall(t *testing.T, list []string, address, leads string) bool {
	t.Helper()
	a, err := ParseAllowed(list)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return a.url(u) == nil && a.dialed(netip.MustParseAddrPort(leads)) == nil
}
