package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/memseep/memseep/leak"
)

// The columns that are read. Others are ignored.
const (
	colTimestamp = iota
	colHost
	colUsedPercent
	colTotalBytes
	colProcess
	colRSSBytes
	colKind
	colName
	colBytes
	colNamespace
	colLimitBytes
	colStart
	columnCount
)

var columnNames = [columnCount]string{
	"timestamp", "host", "used_percent", "total_bytes", "process", "rss_bytes",
	"kind", "name", "bytes", "namespace", "limit_bytes", "start",
}

const wantedColumns = "want timestamp,host,used_percent[,total_bytes], or timestamp,host,process,rss_bytes, " +
	"or timestamp,host,kind,name,bytes[,namespace][,limit_bytes][,start]"

// csvReader reads rows into a fleet.
type csvReader struct {
	fleet  *fleet
	column [columnCount]int // index of the column in a row; −1 where the header lacks it
	last   int              // the highest index of a column that is read
	fields [][]byte
	quoted []byte // scratch of fields with doubled quotes
	key    []byte
	kind   leak.Kind // of workloads, where the column kind is missing
	name   int       // the columns of a workload
	bytes  int
}

// readCSV reads one CSV text to its end. Errors are *lineError, or the context's.
func readCSV(ctx context.Context, r io.Reader, f *fleet) error {
	l := newLines(r)
	c := csvReader{fleet: f}
	header, err := l.next()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: " + wantedColumns)
	}
	if err != nil {
		return err
	}
	if err := c.readHeader(header); err != nil {
		return &lineError{l.number, err}
	}
	for {
		line, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(line) == 0 {
			continue
		}
		if err := c.readRow(line); err != nil {
			return &lineError{l.number, err}
		}
		if l.number&0xffff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (c *csvReader) readHeader(line []byte) error {
	if err := c.split(line, 1<<16); err != nil {
		return err
	}
	for i := range c.column {
		c.column[i] = -1
	}
	var names []string
	for i, f := range c.fields {
		name := strings.ToLower(string(bytes.TrimSpace(f)))
		names = append(names, name)
		known := slices.Index(columnNames[:], name)
		if known < 0 {
			continue
		}
		if c.column[known] >= 0 {
			return fmt.Errorf("the column %s appears twice", name)
		}
		c.column[known] = i
	}
	if err := c.chooseLayout(); err != nil {
		return fmt.Errorf("%w; %s; the columns are %s", err, wantedColumns, quote([]byte(strings.Join(names, ","))))
	}
	c.last = slices.Max(c.column[:])
	return nil
}

// chooseLayout finds out whether rows speak of hosts, of workloads, or of both.
func (c *csvReader) chooseLayout() error {
	has := func(columns ...int) bool {
		return !slices.ContainsFunc(columns, func(i int) bool { return c.column[i] < 0 })
	}
	if !has(colTimestamp) || !has(colHost) {
		return errors.New("the header has no column timestamp or none named host")
	}
	c.name, c.bytes = -1, -1
	switch {
	case has(colKind, colName, colBytes):
		c.name, c.bytes = c.column[colName], c.column[colBytes]
	case has(colProcess, colRSSBytes):
		c.kind, c.name, c.bytes = leak.KindProcess, c.column[colProcess], c.column[colRSSBytes]
	case !has(colUsedPercent):
		return errors.New("the header has no columns of memory")
	}
	return nil
}

func (c *csvReader) readRow(line []byte) error {
	if err := c.split(line, c.last); err != nil {
		return err
	}
	if len(c.fields) <= c.last {
		return fmt.Errorf("%d fields, where the header needs %d", len(c.fields), c.last+1)
	}
	millis, err := parseTime(c.cell(colTimestamp))
	if err != nil {
		return fmt.Errorf("timestamp %w", err)
	}
	name := c.cell(colHost)
	if len(name) == 0 {
		return errors.New("the host has no name")
	}
	h := c.fleet.hostNamed(name)
	if c.column[colUsedPercent] >= 0 {
		if err := c.readMemory(h, millis); err != nil {
			return err
		}
	}
	if c.name >= 0 {
		return c.readWorkload(h, millis)
	}
	return nil
}

// highestPercent leaves room for collectors whose use and total are of different moments.
const highestPercent = 110

func (c *csvReader) readMemory(h *host, millis int64) error {
	h.measured = true
	n, gap, err := parseNumber(c.cell(colUsedPercent))
	if err != nil {
		return fmt.Errorf("used_percent %w", err)
	}
	if v := n.value(); v < 0 || v > highestPercent {
		return fmt.Errorf("used_percent %s is no percentage: it has to lie between 0 and 100", quote(c.cell(colUsedPercent)))
	}
	if !gap {
		c.fleet.take(&h.used, millis, n)
	}
	return c.readBytes(colTotalBytes, &h.total, millis)
}

func (c *csvReader) readWorkload(h *host, millis int64) error {
	kind, name := c.kind, c.fields[c.name]
	if kind == "" {
		switch k := c.cell(colKind); string(k) {
		case "process":
			kind = leak.KindProcess
		case "container":
			kind = leak.KindContainer
		case "pod":
			kind = leak.KindPod
		case "kernel":
			kind = leak.KindKernel
		case "":
			if c.column[colUsedPercent] >= 0 && len(name) == 0 {
				return nil // a row of the host alone
			}
			fallthrough
		default:
			return fmt.Errorf("kind %s is none of process, container, pod, kernel", quote(k))
		}
	}
	if len(name) == 0 {
		if c.column[colUsedPercent] >= 0 {
			return nil
		}
		return errors.New("the workload has no name")
	}
	w := c.workload(h, kind, name)
	if err := c.readBytesAt(c.bytes, &w.bytes, millis); err != nil {
		return err
	}
	if err := c.readBytes(colLimitBytes, &w.limit, millis); err != nil {
		return err
	}
	start := c.cell(colStart)
	if len(start) == 0 {
		return nil
	}
	at, err := parseTime(start)
	if err != nil {
		return fmt.Errorf("start %w", err)
	}
	w.starts.append(millis, number{mantissa: at})
	return nil
}

func (c *csvReader) workload(h *host, kind leak.Kind, name []byte) *workload {
	namespace := c.cell(colNamespace)
	c.key = append(c.key[:0], h.name...)
	c.key = append(append(c.key, 0), kind...)
	c.key = append(append(c.key, 0), namespace...)
	c.key = append(append(c.key, 0), name...)
	return c.fleet.workloadOf(c.key, h, kind, namespace, name)
}

func (c *csvReader) readBytes(column int, into *samples, millis int64) error {
	if c.column[column] < 0 {
		return nil
	}
	return c.readBytesAt(c.column[column], into, millis)
}

// mostBytes is more memory than there is: what lies above is in another unit, or garbage.
const mostBytes = 1 << 60

func (c *csvReader) readBytesAt(field int, into *samples, millis int64) error {
	cell := c.fields[field]
	n, gap, err := parseNumber(cell)
	if err != nil {
		return fmt.Errorf("number of bytes %w", err)
	}
	if gap {
		return nil
	}
	if v := n.value(); v < 0 || v > mostBytes {
		return fmt.Errorf("number of bytes %s is not between 0 and 2^60", quote(cell))
	}
	c.fleet.take(into, millis, n)
	return nil
}

// cell is the row's value of a column, empty where there is no such column.
func (c *csvReader) cell(column int) []byte {
	if i := c.column[column]; i >= 0 {
		return c.fields[i]
	}
	return nil
}

// split cuts a line into its fields, as far as the last one that is needed.
func (c *csvReader) split(line []byte, last int) error {
	c.fields, c.quoted = c.fields[:0], c.quoted[:0]
	for {
		if len(line) > 0 && line[0] == '"' {
			rest, err := c.unquote(line[1:])
			if err != nil {
				return err
			}
			line = rest
		} else {
			i := bytes.IndexByte(line, ',')
			if i < 0 {
				c.fields = append(c.fields, line)
				return nil
			}
			c.fields, line = append(c.fields, line[:i]), line[i:]
		}
		if len(line) == 0 || len(c.fields) > last {
			return nil
		}
		line = line[1:] // the comma
	}
}

// unquote takes a field up to its closing quote, and returns what follows: a comma, or nothing.
func (c *csvReader) unquote(line []byte) (rest []byte, err error) {
	start := len(c.quoted)
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			return nil, errors.New("a quoted field does not end on its line")
		}
		c.quoted = append(c.quoted, line[:i]...)
		line = line[i+1:]
		if len(line) == 0 || line[0] != '"' {
			break
		}
		c.quoted = append(c.quoted, '"')
		line = line[1:]
	}
	if len(line) > 0 && line[0] != ',' {
		return nil, fmt.Errorf("a quoted field is followed by %s, not by a comma", quote(line[:1]))
	}
	c.fields = append(c.fields, c.quoted[start:len(c.quoted):len(c.quoted)])
	return line, nil
}
