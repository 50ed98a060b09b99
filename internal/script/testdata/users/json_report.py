# run: run
# returns: "{\n  \"主机\": [\n    1,\n    null\n  ]\n}"
import json
def run():
    data = json.loads('{"a": [1, 2.5, "x", null, true]}')
    assert data['a'][3] is None and data['a'][1] == 2.5
    return json.dumps({'主机': [1, None]}, ensure_ascii=False, indent=2)
