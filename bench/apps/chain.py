import os

import gradio as gr
from daggr import FnNode, Graph


def noop(x):
    return x


node = FnNode(noop, name="n0", inputs={"x": gr.Textbox(value="hello")}, outputs={"out": gr.Textbox()})
for index in range(1, int(os.environ["LENGTH"])):
    node = FnNode(noop, name=f"n{index}", inputs={"x": node.out}, outputs={"out": gr.Textbox()})
graph = Graph("Chain", nodes=[node])

if __name__ == "__main__":
    graph.launch(open_browser=False)
