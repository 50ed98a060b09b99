package api

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

func (a *API) hostWorkloads(ctx context.Context, in *workloadsInput) (*bodyOutput[HostWorkloads], error) {
	h, err := a.DB.Host(ctx, workspaceOf(ctx), in.Host)
	if err != nil {
		return nil, err
	}
	inspection, err := a.inspectionOf(ctx, h.Name)
	if err != nil {
		return nil, err
	}
	src, err := a.Source(ctx, inspection)
	if err != nil {
		return nil, badSource(err)
	}
	at := or(in.At, or(h.LastSeenAt, a.Clock()))
	var findings []inspect.Finding
	_, err = inspect.Run(ctx, src, inspect.Options{
		At: at, Now: a.Clock(), Hosts: []string{h.Name}, Absent: true, KeepSeries: true, Thresholds: inspection.Thresholds,
	}, func(f inspect.Finding) error {
		findings = append(findings, f)
		return nil
	})
	if err != nil {
		return nil, badSource(err)
	}
	out := HostWorkloads{At: at.UTC(), Host: h.Name, TotalBytes: int64(h.TotalBytes), Items: []Workload{}, Notes: []string{}}
	out.take(languageOf(ctx), findings, in.Kind)
	return body(out), nil
}

// take lists the workloads among the findings of one host, the largest first.
func (w *HostWorkloads) take(l language, findings []inspect.Finding, kinds []string) {
	var host *inspect.Finding
	for i := range findings {
		f := &findings[i]
		if f.Object.Kind == leak.KindHost {
			host = f
			w.Notes = l.notes(f.Notes)
			if !math.IsNaN(f.Unexplained) {
				bytes := int64(f.Unexplained)
				w.Unexplained = &bytes
			}
			continue
		}
		if f.Series == nil || len(kinds) > 0 && !slices.Contains(kinds, string(f.Object.Kind)) {
			continue
		}
		size := bytesOf(f.Series, float64(w.TotalBytes))
		item := Workload{
			Object: objectView(f.Object), Owner: f.Owner, Bytes: size.end, GrowthBytes: size.growth,
			Verdict: l.verdict(event.VerdictOf(f)),
		}
		if w.TotalBytes > 0 {
			item.Share = float64(size.end) / float64(w.TotalBytes)
		}
		if c := f.Series.Limits.Capacity; f.Unit == leak.Bytes && c > 0 && c != float64(w.TotalBytes) {
			item.LimitBytes = int64(c)
		}
		w.Items = append(w.Items, item)
	}
	if host != nil {
		w.rank(host)
	}
	slices.SortStableFunc(w.Items, func(x, y Workload) int { return cmp.Compare(y.Bytes, x.Bytes) })
}

// rank notes who is suspected of the host's growth.
func (w *HostWorkloads) rank(host *inspect.Finding) {
	for order, s := range host.Suspects {
		for i := range w.Items {
			o := &w.Items[i]
			if o.Object.Kind == string(s.Kind) && o.Object.Name == s.Name && o.Object.Namespace == s.Namespace {
				o.GrowthShare, o.SuspectOrder = s.Share, order+1
			}
		}
	}
}
