package schedule

// queue is River's queue of runs and their chunks.
const queue = "inspections"

// parentArgs is the job that chooses the hosts of a run and cuts it into chunks.
type parentArgs struct {
	Run string `json:"run"`
}

// Kind names the job in River's tables.
func (parentArgs) Kind() string { return "run" }

// chunkArgs is the job that inspects one chunk of a run's hosts.
type chunkArgs struct {
	Run   string `json:"run"`
	Index int    `json:"index"`
}

// Kind names the job in River's tables.
func (chunkArgs) Kind() string { return "chunk" }
