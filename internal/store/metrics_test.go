package store_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
)

// query is the result of an instant query, as JSON.
func query(t testing.TB, m store.Metrics, expr string, when time.Time) string {
	t.Helper()
	path := "/api/v1/query?query=" + url.QueryEscape(expr) + "&time=" + strconv.FormatInt(when.Unix(), 10)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil).WithContext(t.Context()))
	var answer struct {
		Data struct{ Result json.RawMessage }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 {
		t.Fatalf("query %s: %d %s", expr, w.Code, w.Body)
	}
	return string(answer.Data.Result)
}

// query1 is the value of an instant query at the end that has one series; empty where it has none.
func query1(t testing.TB, m store.Metrics, expr string) string {
	t.Helper()
	return query1At(t, m, expr, at)
}

func query1At(t testing.TB, m store.Metrics, expr string, when time.Time) string {
	t.Helper()
	var result []struct{ Value [2]any }
	if err := json.Unmarshal([]byte(query(t, m, expr, when)), &result); err != nil {
		t.Fatal(err)
	}
	if len(result) == 0 {
		return ""
	}
	value, _ := result[0].Value[1].(string)
	return value
}
