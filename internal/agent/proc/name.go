package proc

import (
	"bytes"
	"path"
	"strings"
)

// What a name may be long: of the program, and of the script that it runs.
const (
	maxName    = 96
	commLength = 15 // the kernel cuts the names of commands

	nodeThread = "MainThread" // new versions of Node.js name their first thread so
)

// nameOf names a process by its program, and an interpreter by what it runs too, so that two
// services in Java are two: "nginx", "java:app.jar", "python3:worker.py", "node:server.js".
// The command line holds its arguments, each with a zero byte at its end.
func nameOf(comm string, cmdline []byte) string {
	name := clean([]byte(comm))
	args := bytes.Split(bytes.TrimRight(cmdline, "\x00"), []byte{0})
	program := path.Base(string(args[0]))
	if len(comm) >= commLength && strings.HasPrefix(program, comm) || comm == nodeThread {
		name = clean([]byte(program))
	}
	if name == "" {
		return "unnamed"
	}
	script := ""
	if find := interpreterOf(name); find != nil {
		script = find(args[1:])
	}
	if script == "" || script == name {
		return name
	}
	return clean([]byte(name + ":" + script))
}

// interpreters find, among the arguments, what an interpreter runs; empty where it cannot be told.
var interpreters = []struct {
	prefix string
	script func(args [][]byte) string
}{
	{"java", javaMain},
	{"python", options{module: "-m", code: "c", value: "WX"}.script},
	{"pypy", options{module: "-m", code: "c", value: "WX"}.script},
	{"node", options{code: "ep", value: "r"}.script},
	{"ruby", options{code: "e", value: "Ir"}.script},
	{"perl", options{code: "eE", value: "I"}.script},
	{"php", options{code: "r", value: "dc"}.script},
	{"dotnet", options{}.script},
	{"bash", options{code: "c", value: "O"}.script},
	{"sh", options{code: "c"}.script},
}

// interpreterOf takes the name of an interpreter with a version after it, "python3.11", too.
func interpreterOf(name string) func(args [][]byte) string {
	for _, i := range interpreters {
		if rest, ok := strings.CutPrefix(name, i.prefix); ok && strings.Trim(rest, "0123456789.") == "" {
			return i.script
		}
	}
	return nil
}

// javaMain is the jar after -jar, or the last part of the main class's name.
func javaMain(args [][]byte) string {
	for i := 0; i < len(args); i++ {
		arg := string(args[i])
		switch {
		case arg == "-jar" || arg == "-m" || arg == "--module":
			if i+1 < len(args) {
				return path.Base(string(args[i+1]))
			}
		case arg == "-cp" || arg == "-classpath" || arg == "--class-path" || arg == "-p" || arg == "--module-path" ||
			arg == "--add-modules" || arg == "--add-opens" || arg == "--add-exports" || arg == "--add-reads":
			i++
		case arg != "" && arg[0] != '-' && arg[0] != '@':
			return arg[strings.LastIndexByte(arg, '.')+1:]
		}
	}
	return ""
}

// options are those of an interpreter that have a value of their own after them.
type options struct {
	module string // names what is run
	code   string // letters whose value is a program that has no name
	value  string // letters of the others
}

// script is the module, or the first argument that is no option.
func (o options) script(args [][]byte) string {
	for i := 0; i < len(args); i++ {
		arg := string(args[i])
		short := len(arg) == 2 && arg[0] == '-'
		switch {
		case o.module != "" && arg == o.module:
			if i+1 < len(args) {
				return string(args[i+1])
			}
		case short && strings.IndexByte(o.code, arg[1]) >= 0:
			return ""
		case short && strings.IndexByte(o.value, arg[1]) >= 0:
			i++
		case arg != "" && arg[0] != '-':
			return path.Base(arg)
		}
	}
	return ""
}

// clean makes a label value of bytes that any program may have chosen.
func clean(text []byte) string {
	s := strings.ToValidUTF8(string(text), "�")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if len(s) > maxName {
		s = strings.ToValidUTF8(s[:maxName], "")
	}
	return s
}
