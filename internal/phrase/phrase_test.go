package phrase

import (
	"strings"
	"testing"
	"unicode"
)

func TestATextIsSaidInTheLanguage(t *testing.T) {
	for _, c := range []struct{ name, en, zh string }{
		{"a whole sentence", "a policy needs a name", "告警策略需要名称"},
		{"numbers", "expected length >= 12", "至少 12 个字符"},
		{"a name stays", `there is no target "not found" in the workspace: GET /targets lists them`, `工作空间中没有通知对象 "not found"：GET /targets 可列出`},
		{"parts in another order", `value "[a" of team: a bracket is not closed`, `team 的值 "[a"：方括号没有闭合`},
		{"what was done and why", "rule Night: time: it has to end after it begins", "规则 Night：时间：结束时间须晚于开始时间"},
		{"a cause within a sentence", "add policy Ops: exists already: take another name, or change the one that is there", "添加告警策略 Ops：已存在，请换一个名称，或修改已有的那个"},
		{"a cause that another wrapped", "the inspection could not be made: find the newest sample: no answer from http://p:9090 (dial tcp 10.0.0.9:9090: connect: connection refused): check the address and that the server runs",
			"无法执行巡检：查找最新数据：http://p:9090 没有应答（10.0.0.9:9090 拒绝连接）：请检查地址以及服务器是否在运行"},
		{"what another program answered stays", "it has failed for two days: DingTalk refused it (310000): not found", "已连续失败两天：钉钉拒绝了消息（310000）：not found"},
		{"behind a name", "webhook: the port is none", "webhook：端口无效"},
		{"how long, within", "given up after 9 tries in 1 d 2 h: it did not answer in time", "历时 1 天 2 小时、尝试 9 次后放弃：未在规定时间内应答"},
		{"each line", "it has to end after it begins\na condition needs an attribute and a value", "结束时间须晚于开始时间\n条件需要属性和值"},
		{"the log of a run", "24 hosts inspected in 1.2s: 1 leak, 1 event opened; 2 hosts without enough data", "检查了 24 台主机，用时 1.2s：1 处泄漏，新增 1 个事件；2 台主机数据不足"},
		{"what is not ours", "the disk is on fire: call somebody", "the disk is on fire: call somebody"},
		{"ours about what is not", "open the source: the disk is on fire", "打开数据源：the disk is on fire"},
		{"no text", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := In("zh", c.en); got != c.zh {
				t.Errorf("%q is said\n     %q\nwant %q", c.en, got, c.zh)
			}
			if got := In("en", c.en); got != c.en {
				t.Errorf("in English %q is said %q", c.en, got)
			}
		})
	}
}

// What somebody else has written is bounded: it costs little, however it is made.
func TestALongTextCostsLittle(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("read ", longest/5),
		strings.Repeat("read x: ", longest/8),
		strings.Repeat("1 host, 1 event opened; ", longest/24),
	} {
		steps := testing.AllocsPerRun(1, func() { In("zh", text) })
		if steps > 2_000_000 {
			t.Errorf("%.40q… takes %.0f allocations", text, steps)
		}
	}
	if text := strings.Repeat("a policy needs a name: ", longest); In("zh", text) != text {
		t.Error("a text that is too long to be ours is looked at")
	}
}

// A translation has the parts of its format, and is Chinese.
func TestTranslationsHaveTheSameParts(t *testing.T) {
	seen := map[string]string{}
	for _, table := range tables["zh"] {
		for format, chinese := range table {
			if before, twice := seen[format]; twice && before != chinese {
				t.Errorf("%q is said in two ways: %q and %q", format, before, chinese)
			}
			seen[format] = chinese
			if !strings.Contains(format, "%") {
				if strings.Contains(chinese, "%") {
					t.Errorf("%q has no parts, its translation %q has", format, chinese)
				}
				continue
			}
			used := make([]bool, len(verbsOf(format)))
			for _, piece := range piecesOf(chinese) {
				if piece.part >= len(used) {
					t.Errorf("%q: its translation %q has more parts", format, chinese)
				} else if piece.part >= 0 {
					used[piece.part] = true
				}
			}
			for i, is := range used {
				if !is && !dropped[format] {
					t.Errorf("%q: part %d is not in its translation %q", format, i+1, chinese)
				}
			}
			if !strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && !same[format] {
				t.Errorf("%q: %q is not Chinese", format, chinese)
			}
		}
	}
}

var (
	// dropped have a part that says the same again.
	dropped = map[string]bool{
		"failed to parse int from %s: %s": true,
	}
	// same are written alike in both languages.
	same = map[string]bool{"`%s`": true, "%s:%d:%d: %v": true, "%v; %v": true}
)
