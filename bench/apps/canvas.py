import os
import random

import gradio as gr
from daggr import FnNode, Graph

COUNT = int(os.environ["CARDS"])
PICTURES = os.environ.get("PICTURES")
ROWS = 20


def make(index, has_more):
    def step(text):
        if PICTURES:
            return text, os.path.join(PICTURES, f"{index % 100}.png")
        return f"{text[:20]} {random.random()}"

    def step_of_two(text, more):
        return step(text)

    return step_of_two if has_more else step


nodes = []
for index in range(COUNT):
    inputs = {"text": gr.Textbox(label=f"Text {index}", value="hello") if index < ROWS else nodes[index - ROWS].out}
    has_more = index % ROWS > 0 and index % 2 == 0 and index > ROWS
    if has_more:
        inputs["more"] = nodes[index - ROWS - 1].out
    outputs = {"out": gr.Textbox()}
    if PICTURES:
        outputs["picture"] = gr.Image()
    nodes.append(FnNode(make(index, has_more), name=f"n{index}", inputs=inputs, outputs=outputs))
graph = Graph("Cards", nodes=nodes)

if __name__ == "__main__":
    graph.launch(open_browser=False)
