# run: run
# invalid: 3:8: there is no module tools__absent here: a script is imported by the name of its set and its own, SET__SCRIPT, and has to be published
import tools__absent
