package notify

// Sweep takes up what the queue has lost.
var Sweep = (*Notify).sweep
