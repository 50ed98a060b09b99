package demo

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	recordings "github.com/memseep/memseep/testdata/demo"
)

// What is not recorded of the real hosts: how much memory they have.
const (
	recordedTotal = 32 << 30
	labTotal      = 4 << 30
	labSystem     = 900 << 20 // what the lab's host uses besides its programs
)

// recordedHosts makes the hosts of the recordings.
func recordedHosts(newest time.Time) ([]member, error) {
	hosts, err := readRecording("hosts.csv.gz", []string{"timestamp", "host", "used_percent"}, newest)
	if err != nil {
		return nil, err
	}
	var members []member
	for _, h := range hosts {
		c := collector{host: h.host, total: recordedTotal}
		members = append(members, member{h.host, c.memory(h.samples)})
	}
	programs, err := readRecording("workloads.csv.gz", []string{"timestamp", "host", "process", "rss_bytes"}, newest)
	if err != nil {
		return nil, err
	}
	return append(members, labHost(programs)), nil
}

// labHost is the host of the recorded programs, whose own memory is what they add up to.
func labHost(programs []recording) member {
	m := member{name: programs[0].host}
	c := collector{host: m.name, total: labTotal}
	sum := map[int64]float64{}
	for _, p := range programs {
		m.series = append(m.series, c.process("namedprocess_namegroup_memory_bytes", p.process, p.samples, "memtype", "resident"))
		for i, t := range p.times {
			sum[t] += p.values[i]
		}
	}
	var used samples
	for _, t := range programs[0].times {
		used.times = append(used.times, t)
		used.values = append(used.values, 100*(labSystem+sum[t])/labTotal)
	}
	m.series = append(m.series, c.memory(used)...)
	return m
}

// recording is one host's or one process' column of values.
type recording struct {
	host, process string
	samples
}

// readRecording reads an embedded file of rows that are grouped by host and process and ascend in
// time; its times are shifted so that the last is the newest.
func readRecording(name string, header []string, newest time.Time) (all []recording, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read the demo's %s: %w", name, err)
		}
	}()
	f, err := recordings.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(unzipped)
	rows.ReuseRecord = true
	first, err := rows.Read()
	if err != nil {
		return nil, err
	}
	if !slices.Equal(first, header) {
		return nil, fmt.Errorf("its columns are %v, not %v", first, header)
	}
	last := int64(0)
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		t, err := strconv.ParseInt(row[0], 10, 64)
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(row[len(row)-1], 64)
		if err != nil {
			return nil, err
		}
		process := ""
		if len(row) > 3 {
			process = row[2]
		}
		if n := len(all); n == 0 || all[n-1].host != row[1] || all[n-1].process != process {
			all = append(all, recording{host: row[1], process: process})
		}
		all[len(all)-1].add(t, v)
		last = max(last, t*1000)
	}
	for _, r := range all {
		for i := range r.times {
			r.times[i] += newest.UnixMilli() - last
		}
	}
	return all, nil
}
