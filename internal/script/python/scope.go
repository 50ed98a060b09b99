package python

// scopeKind tells whose names a scope holds.
type scopeKind uint8

const (
	moduleScope scopeKind = iota
	functionScope
	classScope
	comprehensionScope
)

// scope holds the names that a module, function, class or comprehension binds.
//
// Starlark lets a function assign its own names alone. Where Python assigns names of an outer scope
// (global, nonlocal), or where a part of a function becomes a function of its own (try, with), the
// names live in cells: objects with one entry that inner functions reach.
type scope struct {
	kind    scopeKind
	name    string // of a function or class
	self    string // the first parameter of a method
	parent  *scope
	bound   map[string]bool
	cells   map[string]bool
	outer   map[string]Position // nonlocal
	global  map[string]Position
	order   []string // cells in the order of their binding
	inner   int      // above 0 while reading a part that becomes a function of its own
	loops   int      // loops that are open
	inside  []*scope
	times   map[string]int    // how often a name is bound
	modules map[string]string // the modules that names were imported as
}

func newScope(kind scopeKind, name string, parent *scope) *scope {
	s := &scope{kind: kind, name: name, parent: parent, bound: map[string]bool{}, cells: map[string]bool{}, outer: map[string]Position{}, global: map[string]Position{}, times: map[string]int{}, modules: map[string]string{}}
	if parent != nil {
		parent.inside = append(parent.inside, s)
	}
	return s
}

// bind notes that a name is assigned here.
func (s *scope) bind(name string) {
	_, outer := s.outer[name]
	if _, global := s.global[name]; global || outer {
		return
	}
	s.bound[name] = true
	s.times[name]++
	if s.inner > 0 {
		s.cell(name)
	}
}

func (s *scope) cell(name string) {
	if !s.cells[name] {
		s.cells[name] = true
		s.order = append(s.order, name)
	}
}

func (s *scope) module() *scope {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

// function is the function that a scope belongs to, nil at the top and in a class.
func (s *scope) function() *scope {
	for s.kind == comprehensionScope {
		s = s.parent
	}
	if s.kind == functionScope {
		return s
	}
	return nil
}

// settle makes cells of the names that inner scopes assign, once the whole script is read.
func (s *scope) settle() {
	for name := range s.global {
		m := s.module()
		m.bound[name] = true
		m.cell(name)
	}
	for name, at := range s.outer {
		owner := s.parent
		for owner != nil && (owner.kind != functionScope || !owner.bound[name]) {
			owner = owner.parent
		}
		if owner == nil {
			failf(at, "no function around this one has a variable %s", name)
		}
		owner.cell(name)
	}
	for _, inner := range s.inside {
		inner.settle()
	}
}

// place is where the value of a name is kept.
type place struct {
	owner *scope // nil for what is bound nowhere in the script
	cell  bool
}

// find says where a name that is used in a scope lives.
func (s *scope) find(name string) place {
	direct := true // whether s belongs to where the name is used, so that names of a class count
	for at := s; at != nil; at = at.parent {
		if _, global := at.global[name]; global {
			return place{owner: at.module(), cell: true}
		}
		if at.bound[name] && (at.kind != classScope || direct) {
			return place{owner: at, cell: at.cells[name]}
		}
		direct = direct && at.kind == comprehensionScope
	}
	return place{}
}

// importedAs is the module that a name stands for wherever it is used from a scope; empty where it
// may be something else.
func (s *scope) importedAs(name string) string {
	owner := s.find(name).owner
	if owner == nil || owner.times[name] != 1 {
		return ""
	}
	return owner.modules[name]
}
