# ends: invalid
import huge__0, huge__1, huge__2, huge__3, huge__4, huge__5
def run():
    return huge__0.x
