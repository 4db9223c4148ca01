import os

import gradio as gr
from daggr import FnNode, Graph

COUNT = int(os.environ["COUNT"])


def items():
    return [f"item {index}" for index in range(COUNT)]


def noop(x):
    return x


def count(all):
    return len(all)


listed = FnNode(items, outputs={"list": gr.JSON(visible=False)})
each = FnNode(noop, name="each", inputs={"x": listed.list.each}, outputs={"out": gr.Textbox(visible=False)})
counted = FnNode(count, inputs={"all": each.out.all()}, outputs={"number": gr.Number()})
graph = Graph("Scatter", nodes=[counted])

if __name__ == "__main__":
    graph.launch(open_browser=False)
