package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// remoteFloors keeps the floors of one source in a VictoriaMetrics.
type remoteFloors struct {
	remote *Remote
	source string
}

func (m *Remote) keeper(source string) floorKeeper { return &remoteFloors{m, source} }

// remoteAtOnce bounds an answer to about 20 MB with 20 workloads a host.
const remoteAtOnce = 64

func (*remoteFloors) atOnce() int { return remoteAtOnce }

// write sends a group of hosts after the other: those of a whole run would be much memory at once.
func (f *remoteFloors) write(ctx context.Context, hosts []freshFloors) error {
	var series []Series
	for some := range slices.Chunk(hosts, remoteAtOnce) {
		series = series[:0]
		for i := range some {
			series = some[i].seriesOf(series, f.source)
		}
		if err := f.remote.AppendDerived(ctx, series); err != nil {
			return err
		}
	}
	return nil
}

// read exports the samples: JSON lines of {"metric":{…},"values":[…],"timestamps":[…]}.
func (f *remoteFloors) read(ctx context.Context, hosts []string, g grid) (map[string]*kept, error) {
	form := url.Values{
		"match[]": {f.selector(hosts)},
		"start":   {strconv.FormatInt(g.first, 10)},
		"end":     {strconv.FormatInt(g.end, 10)},
	}
	body, err := f.remote.post(ctx, f.remote.address(f.remote.spaces.options.ReadURL)+"/api/v1/export", form)
	if err != nil {
		return nil, fmt.Errorf("read kept floors: %w", err)
	}
	defer func() { _ = body.Close() }()
	r := newKeptReader(g)
	for lines := json.NewDecoder(body); ; {
		var line struct {
			Metric     map[string]string
			Values     []*float64 // null is not a number
			Timestamps []int64
		}
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			return r.hosts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read kept floors: %w: %w", ErrUnavailable, err)
		}
		take := r.series(func(name string) string { return line.Metric[name] })
		if take == nil {
			continue
		}
		for i, t := range line.Timestamps {
			if i < len(line.Values) && line.Values[i] != nil {
				take(t, *line.Values[i])
			}
		}
	}
}

func (f *remoteFloors) selector(hosts []string) string {
	quoted := make([]string, len(hosts))
	for i, h := range hosts {
		quoted[i] = regexp.QuoteMeta(h)
	}
	return fmt.Sprintf(`{__name__=~%q,host=~%q,source=%q}`, floorMetricsPattern, strings.Join(quoted, "|"), f.source)
}
