package api

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
)

var linkVariable = regexp.MustCompile(`\{([a-z_]+(?::[^{}]+)?)\}`)

// filled are link templates with the values of an event.
func filled(templates []LinkTemplate, e event.Event, now time.Time) []Link {
	from, to := e.OpenedAt.Add(-6*time.Hour), e.RecoveredAt
	if !e.Onset.IsZero() && e.Onset.Before(from) {
		from = e.Onset
	}
	if to.IsZero() {
		to = now
	}
	values := map[string]string{
		"host": e.Object.Host, "kind": string(e.Object.Kind), "name": e.Object.Name, "namespace": e.Object.Namespace,
		"owner": e.Owner, "culprit": e.Attributes["culprit"], "event": e.ID, "inspection": e.Inspection,
		"from": from.UTC().Format(time.RFC3339), "to": to.UTC().Format(time.RFC3339),
		"from_ms": strconv.FormatInt(from.UnixMilli(), 10), "to_ms": strconv.FormatInt(to.UnixMilli(), 10),
	}
	links := []Link{}
	for _, t := range templates {
		text := linkVariable.ReplaceAllStringFunc(t.URL, func(variable string) string {
			name := variable[1 : len(variable)-1]
			if key, ok := strings.CutPrefix(name, "attribute:"); ok {
				return url.QueryEscape(allAttributes(e)[key])
			}
			return url.QueryEscape(values[name])
		})
		if checkLink("", text) == nil {
			links = append(links, Link{Name: t.Name, For: t.For, URL: text})
		}
	}
	return links
}

// checkLink refuses what is not an address of the web, such as javascript:.
func checkLink(field, text string) error {
	u, err := url.Parse(linkVariable.ReplaceAllString(text, "x"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return invalid(field, "a link has to be http(s)://host/…, with variables as in {host}")
	}
	for _, m := range linkVariable.FindAllStringSubmatch(text, -1) {
		if _, known := linkVariables[strings.SplitN(m[1], ":", 2)[0]]; !known {
			return invalid(field, "{"+m[1]+"} is not a variable: use {host} {kind} {name} {namespace} {owner} {culprit} {event} {inspection} {from} {to} {from_ms} {to_ms} or {attribute:KEY}")
		}
	}
	return nil
}

var linkVariables = map[string]struct{}{
	"host": {}, "kind": {}, "name": {}, "namespace": {}, "owner": {}, "culprit": {}, "event": {}, "inspection": {},
	"from": {}, "to": {}, "from_ms": {}, "to_ms": {}, "attribute": {},
}
