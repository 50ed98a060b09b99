# run: run
# invalid: 3:8: tools__circle_b:2:10: the scripts import each other in a circle, tools__circle_a → tools__circle_b → tools__circle_a: move what they share into a script of its own
import tools__circle_a
def run():
    return tools__circle_a.a()
