package report

import (
	_ "embed"
	"html/template"
	"io"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// page writes one HTML file that needs nothing else: no script, no font, no picture.
type page struct {
	w       io.Writer
	options Options
	cards   []card
	remarks remarks
}

func newPage(w io.Writer, o Options) Writer { return &page{w: w, options: o} }

// card is one object on the page.
type card struct {
	row         row
	Name        string
	Anchor      int
	Host        bool
	Leak        bool
	Level       leak.Level
	LevelName   string
	Cause       string
	Facts       []fact
	Chart       template.HTML
	Spark       string
	Reasons     []reasonLine
	Suspects    []suspectLine
	Top         []suspectLine
	Unexplained string
	Notes       []string
	Err         string
}

// Cells are the numbers of the object's row in the overview.
func (c card) Cells() []string { return c.row.cells[cellUse:cellSuspects] }

type fact struct{ Name, Value string }

type reasonLine struct {
	Text   string
	Points float64
	For    bool
}

type suspectLine struct {
	Name, Share, Growth, Size string
	Width                     float64 // percent of the bar
}

func (p *page) Write(f inspect.Finding) error {
	p.remarks.take(&f, p.options.Lang)
	if p.options.shown(&f) {
		p.cards = append(p.cards, p.newCard(&f))
	}
	return nil
}

func (p *page) newCard(f *inspect.Finding) card {
	lang, v := p.options.Lang, &f.Verdict
	r := newRow(f, lang, sparkWidth)
	c := card{
		row: r, Name: r.cells[cellHost], Host: f.Object.Kind == leak.KindHost, Leak: v.Leak,
		Level: v.Level, LevelName: r.cells[cellLevel], Cause: r.cells[cellCause], Spark: r.cells[cellWindow], Notes: sentences(f.Notes, lang),
	}
	add := func(name words, value string) {
		if value != "" {
			c.Facts = append(c.Facts, fact{name.in(lang), value})
		}
	}
	add(words{"In use", "当前用量"}, r.cells[cellUse])
	if f.Err != nil {
		c.Err = f.Err.Error()
	}
	if !v.Leak { // healthy objects stay one line
		return c
	}
	add(words{"Rate", "增速"}, r.cells[cellRate])
	add(words{"Since (UTC)", "开始时间 (UTC)"}, r.cells[cellSince])
	add(words{"Time left", "剩余时间"}, r.cells[cellLeft])
	add(words{"Confidence", "置信度"}, certainty(v.Confidence))
	c.Chart = svg(f, lang)
	for _, r := range v.Reasons() {
		c.Reasons = append(c.Reasons, reasonLine{r.Text(lang), r.Points, r.Points > 0})
	}
	for _, s := range f.Suspects {
		c.Suspects = append(c.Suspects, suspectLine{
			printable(workloadName(s.Kind, s.Namespace, s.Name, lang)), percent(s.Share), signed(s.GrowthBytes), byteSize(s.Bytes),
			min(max(100*s.Share, 0), 100),
		})
	}
	if len(f.Suspects) > 0 && finite(f.Unexplained) != nil {
		c.Unexplained = signed(f.Unexplained)
	}
	largest := 1.0
	for _, u := range f.Top {
		largest = max(largest, u.Bytes)
	}
	for _, u := range f.Top {
		c.Top = append(c.Top, suspectLine{
			Name: printable(workloadName(u.Kind, u.Namespace, u.Name, lang)), Size: byteSize(u.Bytes), Width: 100 * max(u.Bytes, 0) / largest,
		})
	}
	return c
}

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

func (p *page) Close(s inspect.Summary) error {
	lang := p.options.Lang
	byUrgency(p.cards, func(c *card) (leak.Object, leak.Level, int64) { return c.row.object, c.row.level, c.row.left })
	for i := range p.cards {
		p.cards[i].Anchor = i + 1
	}
	var leaks, healthy []card
	for _, c := range p.cards {
		if c.Leak {
			leaks = append(leaks, c)
		} else {
			healthy = append(healthy, c)
		}
	}
	return pageTemplate.Execute(p.w, map[string]any{
		"Lang": words{"en", "zh-CN"}.in(lang), "Title": title(lang), "Summary": summaryLine(s, lang),
		"Leaks": leaks, "Healthy": healthy, "Remarks": p.remarks.all(lang), "Head": heading(lang),
		"Words": map[string]string{
			"reasons":     words{"Reasons", "依据"}.in(lang),
			"points":      words{"points above zero speak for a leak", "分值大于零表示支持泄漏"}.in(lang),
			"suspects":    words{"Suspects", "根因"}.in(lang),
			"share":       words{"share", "占比"}.in(lang),
			"growth":      words{"growth", "增长"}.in(lang),
			"size":        words{"now", "当前"}.in(lang),
			"unexplained": words{"growth that no workload explains", "无法归因的增长"}.in(lang),
			"largest":     words{"Largest", "占用最多"}.in(lang),
			"healthy":     words{"Objects without a leak", "没有泄漏的对象"}.in(lang),
			"none":        words{"Nothing leaks.", "没有发现泄漏。"}.in(lang),
			"missing":     words{"What is missing", "缺少的数据"}.in(lang),
			"measured":    words{"measured", "实测"}.in(lang),
			"floor":       words{"floor", "底线"}.in(lang),
			"slope":       words{"slope and forecast", "斜率与预测"}.in(lang),
		},
	})
}
