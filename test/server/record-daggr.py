"""Records what daggr 0.8 itself answers, for the test that holds our /api/schema and /api/call against it.

    .venv/bin/python test/server/record-daggr.py

Writes one file for each graph below into fixtures/. The same graphs are written in TypeScript in peer-graphs.ts.
"""

import json
import os
import tempfile
from pathlib import Path

os.chdir(tempfile.mkdtemp())
os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")

import gradio as gr  # noqa: E402
from daggr import FnNode, Graph, InputNode  # noqa: E402
from daggr.server import DaggrServer  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402


def single():
    def shout(text, times):
        return (text.upper() + "!") * int(times)

    node = FnNode(shout, inputs={"text": gr.Textbox(label="Text", value="hi"), "times": gr.Number(value=2)},
                  outputs={"result": gr.Textbox(label="Result")})
    return Graph("Single", nodes=[node]), [
        ("", {"inputs": {"shout__text": "hello", "shout__times": 3}}),
        ("", {"inputs": {"shout__text": "hello", "shout__times": 1}}),
        ("/main", {"inputs": {"shout__text": "a", "shout__times": 2}}),
        ("/nowhere", {"inputs": {}}),
        ("/subgraph_x", {"inputs": {}}),
        ("/subgraph_7", {"inputs": {}}),
    ]


def chain():
    def first(text):
        return text + "1", len(text)

    def second(text):
        return {"seen": text}, 5

    one = FnNode(first, name="my first-node", inputs={"text": gr.Textbox(value="x")},
                 outputs={"text": gr.Textbox(), "length": gr.Number()})
    two = FnNode(second, inputs={"text": one.text}, outputs={"json": gr.JSON(), "hidden": None})
    three = FnNode(lambda length: length + 1, name="more", inputs={"length": one.length}, outputs={"sum": gr.Number()})
    return Graph("Chain", nodes=[one, two, three]), [("", {"inputs": {"my_first_node__text": "ab"}})]


def two_parts():
    a = FnNode(lambda text: text + "a", name="left", inputs={"text": gr.Textbox(value="x")}, outputs={"out": gr.Textbox()})
    b = FnNode(lambda value: value + 1, name="right", inputs={"value": gr.Slider(0, 10, value=4)}, outputs={"out": gr.Number()})
    return Graph("Two parts", nodes=[a, b]), [
        ("", {"inputs": {}}),
        ("/subgraph_0", {"inputs": {"left__text": "q", "right__value": 3}}),
        ("/subgraph_1", {"inputs": {"left__text": "q", "right__value": 3}}),
        ("/main", {"inputs": {}}),
    ]


def shared():
    topic = gr.Textbox(label="Topic", value="cats")
    a = FnNode(lambda topic: topic + "a", name="one", inputs={"topic": topic}, outputs={"out": gr.Textbox()})
    b = FnNode(lambda about, one: about + one, name="two", inputs={"about": topic, "one": a.out}, outputs={"out": gr.Textbox()})
    return Graph("Shared", nodes=[a, b]), [("", {"inputs": {"one__topic": "dogs", "two__about": "dogs"}})]


def scatter():
    words = FnNode(lambda text: [{"word": word, "size": len(word)} for word in text.split(" ")], name="words",
                   inputs={"text": gr.Textbox(value="a bb")}, outputs={"list": gr.JSON()})
    shout = FnNode(lambda word: word.upper(), name="shout", inputs={"word": words.list.each["word"]},
                   outputs={"loud": gr.Textbox()})
    return Graph("Scatter", nodes=[words, shout]), [("", {"inputs": {"words__text": "x yy zzz"}})]


def gather():
    words = FnNode(lambda text: [{"word": word} for word in text.split(" ")], name="words",
                   inputs={"text": gr.Textbox(value="a bb")}, outputs={"list": gr.JSON()})
    shout = FnNode(lambda word: word.upper(), name="shout", inputs={"word": words.list.each["word"]},
                   outputs={"loud": gr.Textbox()})
    join = FnNode(lambda all: "-".join(all), name="join", inputs={"all": shout.loud.all()}, outputs={"text": gr.Textbox()})
    return Graph("Gather", nodes=[words, shout, join]), [("", {"inputs": {"words__text": "x yy zzz"}})]


def choice():
    plain = FnNode(lambda text: text + " plain", name="plain", inputs={"text": gr.Textbox(value="a")}, outputs={"out": gr.Textbox()})
    loud = FnNode(lambda text: text.upper(), name="loud", inputs={"text": gr.Textbox(value="b")}, outputs={"out": gr.Textbox()})
    picked = plain | loud
    last = FnNode(lambda text: text + ".", name="last", inputs={"text": picked.out}, outputs={"end": gr.Textbox()})
    name = picked._name
    return Graph("Choice", nodes=[picked, last]), [
        ("", {"inputs": {f"{name}__variant_0_text": "v"}}),
        ("", {"inputs": {f"{name}___selected_variant": 1, f"{name}__variant_1_text": "v"}}),
    ]


def failing():
    def burst(text):
        raise ValueError("the pipe burst: " + text)

    node = FnNode(burst, inputs={"text": gr.Textbox(value="x")}, outputs={"out": gr.Textbox()})
    return Graph("Failing", nodes=[node]), [("", {"inputs": {"burst__text": "now"}})]


def inputs():
    form = InputNode(ports={"called": gr.Textbox(label="Name", value="Ada"), "age": gr.Number(value=36)}, name="person")
    greet = FnNode(lambda name, age: f"{name} is {age}", name="greet", inputs={"name": form.called, "age": form.age},
                   outputs={"text": gr.Textbox()})
    return Graph("Inputs", nodes=[form, greet]), [("", {"inputs": {"person__called": "Bob", "person__age": 5}})]


def components():
    kinds = {"Textbox": "x", "TextArea": "x", "Text": "x", "Number": 1, "Slider": 1, "Checkbox": True, "ColorPicker": "#000000", "Code": "x",
             "Markdown": "x", "HTML": "x", "JSON": {}, "Image": None, "Audio": None, "Video": None, "File": None, "Model3D": None,
             "Gallery": None, "Label": None, "HighlightedText": None, "Dataframe": None, "Chatbot": None, "DateTime": None, "Plot": None,
             "ImageEditor": None, "ImageSlider": None}
    fields = {kind.lower(): getattr(gr, kind)() for kind in kinds}
    fields["dropdown"] = gr.Dropdown(choices=["a", "b"])
    fields["radio"] = gr.Radio(choices=["a", "b"])
    fields["checkboxgroup"] = gr.CheckboxGroup(choices=["a", "b"])
    names = ", ".join(fields)
    fn = eval(f"lambda {names}: 'ok'")
    node = FnNode(fn, name="every", inputs=fields, outputs={"out": gr.Textbox()})
    return Graph("Components", nodes=[node]), []


for make in [single, chain, two_parts, shared, scatter, gather, choice, failing, inputs, components]:
    graph, calls = make()
    graph._persist_key = None
    client = TestClient(DaggrServer(graph).app)
    record = {"schema": client.get("/api/schema").json(), "calls": []}
    for path, body in calls:
        answer = client.post("/api/call" + path, json=body)
        record["calls"].append({"path": "/api/call" + path, "body": body, "status": answer.status_code, "answer": answer.json()})
    for part in record["schema"]["subgraphs"]:  # networkx gives sets: the order changes from run to run
        part["inputs"].sort(key=lambda entry: entry["id"])
        part["outputs"].sort(key=lambda entry: (entry["node"], entry["port"]))
    target = Path(__file__).parent / "fixtures" / f"{make.__name__.replace('_', '-')}.json"
    target.write_text(json.dumps(record, indent=1) + "\n")
    print(target.name, [call["status"] for call in record["calls"]])
