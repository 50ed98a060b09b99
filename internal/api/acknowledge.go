package api

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

//go:embed acknowledge.html
var acknowledgeFile embed.FS

var acknowledgeTemplate = template.Must(template.ParseFS(acknowledgeFile, "acknowledge.html"))

// acknowledgePage is what the page of a signed link shows.
type acknowledgePage struct {
	Language      string
	Words         acknowledgeWords
	Problem, Said string
	Events        []acknowledgeEvent
	More          string
	Form          bool
	By, Note      string // as they were written
}

type acknowledgeEvent struct{ ID, Title, By string }

type acknowledgeWords struct{ Title, By, Note, Button, Already, App string }

var acknowledgeTexts = map[language]acknowledgeWords{
	"en": {"I take care of it", "Your name", "Note", "Acknowledge", "Taken care of by ", "Open memseep"},
	"zh": {"认领事件", "您的姓名", "备注", "确认认领", "已认领：", "打开 memseep"},
}

// acknowledgeShown is how many events the page names.
const acknowledgeShown = 20

// acknowledgeForm shows what a signed link is about. It changes nothing: programs that scan mail
// follow links by themselves.
func (a *API) acknowledgeForm(w http.ResponseWriter, r *http.Request) {
	p := newAcknowledgePage(r)
	events, err := a.Notify.AckEvents(r.Context(), r.PathValue("token"))
	switch {
	case err != nil:
		a.refuseLink(w, r, p, err)
		return
	case len(events) == 0:
		p.Said = p.say("What this link is about is over: there is nothing to do.", "相关事件已恢复，无需处理。")
	}
	p.list(events)
	p.Form = len(events) > 0
	a.writePage(w, r, http.StatusOK, p)
}

// acknowledgeByLink takes the form.
func (a *API) acknowledgeByLink(w http.ResponseWriter, r *http.Request) {
	p := newAcknowledgePage(r)
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		p.Problem = p.say("The form could not be read: send it again.", "无法读取表单，请重新提交。")
		a.writePage(w, r, http.StatusBadRequest, p)
		return
	}
	ctx, token := r.Context(), r.PathValue("token")
	p.By, p.Note = cutTo(strings.TrimSpace(r.PostForm.Get("by")), 200), cutTo(strings.TrimSpace(r.PostForm.Get("note")), 10_000)
	if p.By == "" {
		events, err := a.Notify.AckEvents(ctx, token)
		if err != nil {
			a.refuseLink(w, r, p, err)
			return
		}
		p.list(events)
		p.Form, p.Problem = true, p.say("Write your name, so that others know whom to ask.", "请填写姓名，以便他人知道由谁处理。")
		a.writePage(w, r, http.StatusUnprocessableEntity, p)
		return
	}
	events, err := a.Notify.Acknowledge(ctx, token, p.By, p.Note)
	if err != nil {
		a.refuseLink(w, r, p, err)
		return
	}
	a.noteAcknowledged(r, token, p, events)
	p.list(events)
	p.Said = p.say("Thank you: nobody else is asked to.", "感谢认领：不再升级通知其他人。")
	if len(events) == 0 {
		p.Said = p.say("What this link is about is over: there is nothing to do.", "相关事件已恢复，无需处理。")
	}
	a.writePage(w, r, http.StatusOK, p)
}

func newAcknowledgePage(r *http.Request) acknowledgePage {
	l := languageOf(r.Context())
	return acknowledgePage{Language: string(l), Words: acknowledgeTexts[l]}
}

func (p *acknowledgePage) say(en, zh string) string {
	if p.Language == "zh" {
		return zh
	}
	return en
}

func (p *acknowledgePage) list(events []event.Event) {
	for _, e := range events[:min(len(events), acknowledgeShown)] {
		p.Events = append(p.Events, acknowledgeEvent{ID: e.ID, Title: event.Title(e, p.Language), By: e.AcknowledgedBy})
	}
	if more := len(events) - acknowledgeShown; more > 0 {
		p.More = p.say(fmt.Sprintf("and %d more", more), fmt.Sprintf("另有 %d 个", more))
	}
}

// refuseLink answers a link that is not valid, or a failure of ours.
func (a *API) refuseLink(w http.ResponseWriter, r *http.Request, p acknowledgePage, err error) {
	if errors.Is(err, notify.ErrAckLink) {
		p.Problem = p.say("This link is not valid, or has expired: open the event in the app instead.", "链接无效或已过期，请在应用中打开事件。")
		a.writePage(w, r, http.StatusGone, p)
		return
	}
	a.Logger.ErrorContext(r.Context(), "a signed link failed", "error", err)
	p.Problem = p.say("This failed inside the server: try again.", "服务器内部错误，请重试。")
	a.writePage(w, r, http.StatusInternalServerError, p)
}

func (a *API) writePage(w http.ResponseWriter, r *http.Request, status int, p acknowledgePage) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a credential
	w.WriteHeader(status)
	if err := acknowledgeTemplate.Execute(w, p); err != nil {
		a.Logger.DebugContext(r.Context(), "answer not sent", "error", err)
	}
}

// noteAcknowledged lets the audit log and the stream know.
func (a *API) noteAcknowledged(r *http.Request, token string, p acknowledgePage, events []event.Event) {
	link, err := a.Notify.ReadAckToken(token)
	if err != nil {
		return // it has expired in this moment
	}
	ctx := context.WithoutCancel(r.Context())
	for _, e := range events {
		entry := state.Audit{
			WorkspaceID: link.Workspace, At: a.Clock(), Actor: "link:" + p.By, Address: a.addressOf(r),
			Action: "event.acknowledge", Subject: e.ID, Status: http.StatusOK,
		}
		entry.Detail, _ = json.Marshal(map[string]string{"note": p.Note}) // of a text alone: it does not fail
		if err := a.DB.AddAudit(ctx, &entry); err != nil {
			a.Logger.ErrorContext(ctx, "audit entry not kept", "action", entry.Action, "subject", e.ID, "error", err)
		}
		a.Hub.Publish(link.Workspace, schedule.Change{Kind: "event", ID: e.ID, InspectionID: e.InspectionID, Status: string(e.Status)})
	}
}

// cutTo is at most so many bytes of a text, whole characters.
func cutTo(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "")
}
