package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html docs.css
var docsFiles embed.FS

// The pages are made once, when they are first asked for: routes do not change while it runs.
var (
	docsTemplate = template.Must(template.New("docs.html").Funcs(template.FuncMap{"paragraphs": paragraphs}).ParseFS(docsFiles, "docs.html"))
)

// docs is what both the description and the page are served from.
type docs struct {
	once        sync.Once
	description []byte
	page        []byte
	err         error
}

func (a *API) makeDocs() error {
	a.docs.once.Do(func() {
		if a.docs.description, a.docs.err = json.MarshalIndent(a.huma.OpenAPI(), "", "  "); a.docs.err != nil {
			return
		}
		var b bytes.Buffer
		a.docs.err = docsTemplate.Execute(&b, docsContent(a.huma.OpenAPI()))
		a.docs.page = b.Bytes()
	})
	return a.docs.err
}

func (a *API) serveDescription(w http.ResponseWriter, r *http.Request) {
	a.serveMade(w, r, "application/json", func() []byte { return a.docs.description })
}

func (a *API) serveDocs(w http.ResponseWriter, r *http.Request) {
	a.serveMade(w, r, "text/html; charset=utf-8", func() []byte { return a.docs.page })
}

func (a *API) serveMade(w http.ResponseWriter, r *http.Request, media string, text func() []byte) {
	if err := a.makeDocs(); err != nil {
		a.writeProblem(w, r, problem(http.StatusInternalServerError, "the description could not be made: "+err.Error()))
		return
	}
	w.Header().Set("Content-Type", media)
	_, _ = w.Write(text())
}

func serveDocsStyle(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, docsFiles, "docs.css")
}

// docsGroup is the operations of one tag.
type docsGroup struct {
	Name       string
	Operations []docsOperation
}

type docsOperation struct {
	Method, Path, ID, Summary, Description, Access string
	Parameters                                     []docsField
	Body, Answer                                   string // names of schemas
	AnswerMedia                                    string
}

// docsField is a parameter or a property.
type docsField struct {
	Name, In, Type, Link, Description string
	Required                          bool
}

type docsSchema struct {
	Name   string
	Fields []docsField
}

type docsPage struct {
	Introduction string
	Groups       []docsGroup
	Schemas      []docsSchema
}

func docsContent(api *huma.OpenAPI) docsPage {
	page := docsPage{Introduction: strings.NewReplacer("**", "", "`", "").Replace(api.Info.Description)}
	at := map[string]int{}
	for path, item := range api.Paths {
		for method, op := range map[string]*huma.Operation{
			"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete, "PATCH": item.Patch,
		} {
			if op == nil {
				continue
			}
			tag := op.Tags[0]
			if _, known := at[tag]; !known {
				at[tag] = len(page.Groups)
				page.Groups = append(page.Groups, docsGroup{Name: tag})
			}
			g := &page.Groups[at[tag]]
			g.Operations = append(g.Operations, docsOperationOf(method, path, op))
		}
	}
	slices.SortFunc(page.Groups, func(x, y docsGroup) int { return strings.Compare(x.Name, y.Name) })
	for _, g := range page.Groups {
		slices.SortFunc(g.Operations, func(x, y docsOperation) int {
			return strings.Compare(x.Path+x.Method, y.Path+y.Method)
		})
	}
	for name, s := range api.Components.Schemas.Map() {
		page.Schemas = append(page.Schemas, docsSchema{Name: name, Fields: properties(s)})
	}
	slices.SortFunc(page.Schemas, func(x, y docsSchema) int { return strings.Compare(x.Name, y.Name) })
	return page
}

func docsOperationOf(method, path string, op *huma.Operation) docsOperation {
	d := docsOperation{
		Method: method, Path: path, ID: op.OperationID, Summary: op.Summary, Description: op.Description,
		Access: fmt.Sprint(op.Extensions[accessExtension]),
	}
	for _, p := range op.Parameters {
		d.Parameters = append(d.Parameters, docsField{
			Name: p.Name, In: p.In, Type: typeName(p.Schema), Description: p.Description, Required: p.Required,
		})
	}
	if op.RequestBody != nil {
		for _, m := range op.RequestBody.Content {
			d.Body = refName(m.Schema)
		}
	}
	for status, r := range op.Responses {
		if strings.HasPrefix(status, "2") {
			for media, m := range r.Content {
				d.Answer, d.AnswerMedia = refName(m.Schema), media
			}
		}
	}
	return d
}

func properties(s *huma.Schema) []docsField {
	var out []docsField
	for name, p := range s.Properties {
		out = append(out, docsField{
			Name: name, Type: typeName(p), Link: refName(p), Description: p.Description, Required: slices.Contains(s.Required, name),
		})
	}
	slices.SortFunc(out, func(x, y docsField) int { return strings.Compare(x.Name, y.Name) })
	return out
}

// refName is the schema that a schema, or its items, stand for.
func refName(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	if s.Ref == "" && s.Items != nil {
		s = s.Items
	}
	return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
}

func typeName(s *huma.Schema) string {
	var b strings.Builder
	switch {
	case s.Ref != "":
		b.WriteString(refName(s))
	case s.Items != nil:
		return "list of " + typeName(s.Items)
	case s.Format != "":
		b.WriteString(s.Type + " (" + s.Format + ")")
	default:
		b.WriteString(s.Type)
	}
	if len(s.Enum) > 0 {
		var words []string
		for _, e := range s.Enum {
			if e != "" {
				words = append(words, fmt.Sprint(e))
			}
		}
		b.WriteString(": " + strings.Join(words, ", "))
	}
	if s.Minimum != nil && s.Maximum != nil {
		fmt.Fprintf(&b, ", %v to %v", *s.Minimum, *s.Maximum)
	}
	if s.Default != nil {
		fmt.Fprintf(&b, ", else %v", s.Default)
	}
	return b.String()
}

func paragraphs(text string) []string { return strings.Split(text, "\n\n") }
