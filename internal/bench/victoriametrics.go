package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/source/prometheus"
)

// usedPercent is Telegraf's metric, so that the inspection reads the one series a host that
// VictoriaMetrics' own function reads.
const usedPercent = "mem_used_percent"

// inFlight is how many requests the command has in flight with a server.
const inFlight = 4

// queryTimeout is how long one query may take.
const queryTimeout = 2 * time.Minute

// measureVictoriaMetrics compares inspections of what VictoriaMetrics holds with its own
// functions over the same samples.
func (b *bench) measureVictoriaMetrics(ctx context.Context) error {
	return withServers(b.dir, func(t *servers) error {
		v := realserver.StartVictoriaMetrics(t)
		if err := b.fill(t, v, 0, window); err != nil {
			return err
		}
		predict := func() error {
			return v1Query(ctx, v.URL, "/api/v1/query", url.Values{
				"query": {fmt.Sprintf("predict_linear(%s[6h],86400)", usedPercent)},
				"time":  {strconv.FormatInt(at.Unix(), 10)},
			})
		}
		if _, err := b.compareInspection(ctx, v.URL, "six hours loaded", -1, predict); err != nil {
			return err
		}
		if err := b.fill(t, v, window, week); err != nil {
			return err
		}
		// The ratio is of a server that has run for longer than six hours, as people's have.
		ratio, err := b.compareInspection(ctx, v.URL, "a week loaded, six hours read", -1, predict)
		if err != nil {
			return err
		}
		b.ratio("inspect_victoriametrics", ratio, 2)
		ratio, err = b.compareInspection(ctx, v.URL, "a week loaded and read", week, func() error {
			return errors.Join(predict(), floors(ctx, v.URL))
		})
		if err != nil {
			return err
		}
		b.ratio("inspect_victoriametrics_floors", ratio, 2)
		return nil
	})
}

// floors asks VictoriaMetrics for the lowest value of each quarter of an hour of the week before
// the window: what the inspection makes of it.
func floors(ctx context.Context, address string) error {
	const step = 900
	last := (at.Add(-window).Unix() - 1) / step * step
	return v1Query(ctx, address, "/api/v1/query_range", url.Values{
		"query": {fmt.Sprintf("min_over_time(%s[15m])", usedPercent)},
		"start": {strconv.FormatInt(last-int64(week.Seconds())+step, 10)},
		"end":   {strconv.FormatInt(last, 10)},
		"step":  {strconv.Itoa(step)},
	})
}

// compareInspection compares a run over the API, with its discovery of hosts, with queries.
func (b *bench) compareInspection(ctx context.Context, address, where string, history time.Duration, queries func() error) (float64, error) {
	var summary inspect.Summary
	run := func() error {
		source, err := prometheus.New(prometheus.Config{URL: address})
		if err != nil {
			return err
		}
		summary, err = inspect.Run(ctx, source, inspect.Options{At: at, History: history, Parallel: inFlight}, ignore)
		if err == nil && (summary.Hosts != b.victoria || summary.Failed+summary.NoData > 0) {
			err = fmt.Errorf("%d hosts inspected, %d without samples, %d failed, of %d", summary.Hosts, summary.NoData, summary.Failed, b.victoria)
		}
		return err
	}
	turns := 15 // of some tenths of a second
	if history > 0 {
		turns = 5
	}
	ours, theirs, err := compare(ctx, turns, run, queries)
	if err != nil {
		return 0, err
	}
	fmt.Printf("inspection of %d hosts in VictoriaMetrics, %s: %.3f s, %d leaks; its own functions: %.3f s; %.2f times\n",
		summary.Hosts, where, ours.Seconds(), summary.Leaks, theirs.Seconds(), quotient(ours, theirs))
	return quotient(ours, theirs), nil
}

// v1Query asks, and reads the answer to its end.
func v1Query(ctx context.Context, address, path string, query url.Values) error {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	query.Set("nocache", "1")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1024)) // for the message alone
		return fmt.Errorf("%s answers %s: %s", path, resp.Status, text)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// hostsAtOnce is how many hosts one request to import holds.
const hostsAtOnce = 500

// fill writes a sample a minute for so long, up to so long before the end.
func (b *bench) fill(t *servers, v *realserver.VictoriaMetrics, before, length time.Duration) error {
	start := time.Now()
	last, n := int(before/time.Minute), int(length/time.Minute)
	for first := 0; first < b.victoria; first += hostsAtOnce {
		read, write := io.Pipe()
		written := make(chan error, 1)
		go func() {
			err := writeLines(write, first, min(first+hostsAtOnce, b.victoria), last, n)
			write.CloseWithError(err)
			written <- err
		}()
		v.ImportJSONLines(t, read)
		if err := <-written; err != nil {
			return fmt.Errorf("write to VictoriaMetrics: %w", err)
		}
	}
	fmt.Printf("a VictoriaMetrics filled with %d samples of %d hosts in %.0f s\n", n*b.victoria, b.victoria, time.Since(start).Seconds())
	return nil
}

// writeLines writes n minutes of each host, the last so many minutes before the end, as JSON
// lines.
func writeLines(to io.Writer, first, end, last, n int) error {
	out := bufio.NewWriterSize(to, 1<<20)
	values := make([]float64, n+last)
	times := timesText(last, n)
	var line []byte
	for i := first; i < end; i++ {
		used(i, values)
		line = fmt.Appendf(line[:0], `{"metric":{"__name__":%q,"host":%q},"values":[`, usedPercent, hostName(i))
		for k, x := range values[:n] {
			if k > 0 {
				line = append(line, ',')
			}
			line = strconv.AppendFloat(line, math.Round(x*100)/100, 'f', -1, 64)
		}
		line = append(line, `],"timestamps":[`...)
		line = append(append(line, times...), "]}\n"...)
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// timesText is n minutes, the last so many before the end, in milliseconds.
func timesText(last, n int) []byte {
	var text []byte
	for i := range n {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, at.Add(-time.Duration(last+n-1-i)*time.Minute).UnixMilli(), 10)
	}
	return text
}
