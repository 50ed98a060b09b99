package python_test

import (
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/script/python"
)

// Each line of a script that cannot run is named with its column and what to write.
func TestErrorsSayWhereAndWhatToWrite(t *testing.T) {
	options := options
	options.Predeclared = func(name string) bool { return name == "print" || name == "range" }
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "", ""},
		{"undefined name", "x = 1\nprint(x, y)", "2:10: y is not defined"},
		{"a name like it", "total = 1\nprint(totl)", "2:7: totl is not defined: did you mean total?"},
		{"files", "f = open('x')", "1:5: open is not defined: a script reads no files; keep what has to last with DFF.STORE"},
		{"walrus", "if (n := 3) > 2:\n    pass", "1:7: `:=` is not supported: assign in a statement of its own before"},
		{"async", "async def f():\n    pass", "1:1: `async` is not supported: leave it out: calls wait for their answers"},
		{"match", "match x:\n    case 1:\n        pass", "1:1: `match` is not supported: write `if` and `elif`"},
		{"print statement", "print 'x'", "1:1: `print` is a function: write its argument in brackets"},
		{"assignment as condition", "x = 1\nif x = 1:\n    pass", "2:6: `=` assigns, and is no comparison: write `==`"},
		{"full-width comma", "print(1，2)", "1:8: `，` is the full-width form: write `,`"},
		{"full-width quotes", "print(“x”)", "1:7: `“` is the full-width form: write `\"`"},
		{"open text", "x = 'abc\ny = 1", "1:5: this text is not closed on its line: close it with ', or use three quotes for a text of several lines"},
		{"open bracket", "x = (1,\ny = 2", "2:6: the script ends before `(` is closed"},
		{"wrong bracket", "x = (1]", "1:7: `]` does not close `(`"},
		{"missing block", "def f():\nx = 1", "2:1: a block belongs here: indent the lines that belong to it; write `pass` where there are none"},
		{"unexpected indent", "x = 1\n    y = 2", "2:5: this line is indented without a reason: indent it like the line above"},
		{"two bases", "class A(b, c):\n    pass", "1:12: a class has one base class at most: keep the second as an attribute"},
		{"star import", "from m import *", "1:15: `import *` is not supported: name what you use"},
		{"unknown module", "import os", "1:8: there is no module os here: take a variable with DFF.ENV('NAME')"},
		{"unknown name of a module", "from m import x", "1:15: the module m has no x"},
		{"unknown attribute of a module", "import m as x\nx.n\nx.y", "3:3: the module m has no y: it has n"},
		{"a name that may be no module", "import m as x\nx = 1\nx.y", ""},
		{"relative import", "from . import x", "1:6: a relative import is not supported: name the module in full"},
		{"star in assignment", "a, *b = [1, 2]", "1:4: `*` in an assignment is not supported: take a slice: `first, rest = x[0], x[1:]`"},
		{"slice assignment", "a = [1]\na[0:1] = [2]", "2:2: a value cannot be assigned to a slice: make a new list: `x = x[:a] + new + x[b:]`"},
		{"del of a name", "x = 1\ndel x", "2:5: `del` takes an entry: write `del x[key]`; set a variable that is done with to None"},
		{"return outside", "return 1", "1:1: `return` stands outside of a function"},
		{"break outside", "break", "1:1: `break` stands outside of a loop"},
		{"try alone", "try:\n    pass\nx = 1", "3:1: a `try` needs what to do when it fails: write `except Exception as e:` below it"},
		{"nonlocal of nothing", "def f():\n    nonlocal x\n    x = 1", "2:14: no function around this one has a variable x"},
		{"octal", "x = 010", "1:5: `010` begins with 0: write `0o10` for an octal number, or leave the 0 out"},
		{"empty replacement", "x = f'{}'", "1:7: there is no value between `{` and `}`: write `{{}}` for the characters"},
		{"error within an f-string", "x = f'ab{1 +}'", "1:13: there is the end of the script where a value belongs"},
		{"Chinese before the error", "名字 = '主机' +", "1:12: there is the end of the line where a value belongs"},
		{"too many brackets", "x = " + strings.Repeat("[", 500), "1:105: more than 100 brackets within each other"},
		{"too many blocks", blocks(150), "102:102: more than 100 blocks within each other"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := python.Compile("x.py", c.source, options)
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "x.py:")
			}
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func blocks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "if 1:\n")
	}
	return b.String() + strings.Repeat(" ", n) + "pass\n"
}
