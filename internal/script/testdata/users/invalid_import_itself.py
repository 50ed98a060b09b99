# run: run
# invalid: 3:8: the scripts import each other in a circle, invalid_import_itself.py → invalid_import_itself: move what they share into a script of its own
import invalid_import_itself
