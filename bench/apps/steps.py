import os

import gradio as gr
from daggr import FnNode, GradioNode, Graph

NAMES = "abcdefgh"

steps = [
    GradioNode(os.environ["SERVICE"], api_name="/step", name=name, inputs={"text": name}, outputs={"out": gr.Textbox()})
    for name in NAMES
]


def join(a, b, c, d, e, f, g, h):
    return a + b + c + d + e + f + g + h


joined = FnNode(join, inputs={name: step.out for name, step in zip(NAMES, steps)}, outputs={"text": gr.Textbox()})
graph = Graph("Steps", nodes=[joined])

if __name__ == "__main__":
    graph.launch(open_browser=False)
