package dialect

// registry holds every dialect, the better before the worse where two tell of the same object.
var registry = []*Dialect{
	memseep,
	nodeExporter,
	processExporter,
	cadvisor,
	openTelemetry,
	dataKit,
	telegraf,
	windowsExporter,
}

// All returns every dialect in the order of precedence.
func All() []*Dialect { return registry }

// Detect returns the dialects that a store speaks, by whether it holds a metric name.
func Detect(holds func(metric string) bool) []*Dialect {
	var found []*Dialect
	for _, d := range registry {
		for _, metric := range d.Detect {
			if holds(metric) {
				found = append(found, d)
				break
			}
		}
	}
	return found
}
