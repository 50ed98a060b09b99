package agent

// Machine is for the tests from outside.
var Machine = machine
