import os

import gradio as gr
from daggr import FnNode, Graph


def noop(x):
    return x


nodes = [FnNode(noop, name="n0", inputs={"x": gr.Textbox(value="hello")}, outputs={"out": gr.Textbox()})]
for index in range(1, int(os.environ["LENGTH"])):
    nodes.append(FnNode(noop, name=f"n{index}", inputs={"x": nodes[-1].out}, outputs={"out": gr.Textbox()}))
# All of them in order: from the last one alone daggr would recurse too deep.
graph = Graph("Chain", nodes=nodes)

if __name__ == "__main__":
    graph.launch(open_browser=False)
