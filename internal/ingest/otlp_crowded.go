package ingest

import (
	"fmt"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// mostAttributes bounds what the translation is given: it compares each attribute with all before it.
const mostAttributes = 1000

// withoutCrowded takes out what has more attributes than it may have labels, and counts it. Of a resource
// some attributes become labels alone, so that it may have more.
func (b *batch) withoutCrowded(m pmetric.Metrics) {
	m.ResourceMetrics().RemoveIf(func(rm pmetric.ResourceMetrics) bool {
		points := 0
		for _, scope := range rm.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				b.withoutCrowdedPoints(metric)
				points += pointsOf(metric)
			}
		}
		if n := rm.Resource().Attributes().Len(); n > mostAttributes {
			b.explain(fmt.Sprintf("a resource has %d attributes, the limit is %d", n, mostAttributes))
			b.refused[OverLimit] += points
			return true
		}
		return false
	})
}

func (b *batch) withoutCrowdedPoints(m pmetric.Metric) {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		m.Gauge().DataPoints().RemoveIf(crowded[pmetric.NumberDataPoint](b))
	case pmetric.MetricTypeSum:
		m.Sum().DataPoints().RemoveIf(crowded[pmetric.NumberDataPoint](b))
	case pmetric.MetricTypeHistogram:
		m.Histogram().DataPoints().RemoveIf(crowded[pmetric.HistogramDataPoint](b))
	case pmetric.MetricTypeExponentialHistogram:
		m.ExponentialHistogram().DataPoints().RemoveIf(crowded[pmetric.ExponentialHistogramDataPoint](b))
	case pmetric.MetricTypeSummary:
		m.Summary().DataPoints().RemoveIf(crowded[pmetric.SummaryDataPoint](b))
	}
}

// crowded counts a data point that has too many attributes.
func crowded[P interface{ Attributes() pcommon.Map }](b *batch) func(P) bool {
	most := min(b.limits.Labels, mostAttributes)
	return func(p P) bool {
		if p.Attributes().Len() <= most {
			return false
		}
		b.explain(fmt.Sprintf("a data point has more than %d attributes", most))
		b.refused[OverLimit]++
		return true
	}
}

// pointsOf is the number of data points of a metric.
func pointsOf(m pmetric.Metric) int {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		return m.Gauge().DataPoints().Len()
	case pmetric.MetricTypeSum:
		return m.Sum().DataPoints().Len()
	case pmetric.MetricTypeHistogram:
		return m.Histogram().DataPoints().Len()
	case pmetric.MetricTypeExponentialHistogram:
		return m.ExponentialHistogram().DataPoints().Len()
	case pmetric.MetricTypeSummary:
		return m.Summary().DataPoints().Len()
	}
	return 0
}
