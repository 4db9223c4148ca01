import gradio as gr
from daggr import FnNode, Graph


def noop(x):
    return x


node = FnNode(noop, inputs={"x": gr.Textbox(value="hello")}, outputs={"out": gr.Textbox()})
graph = Graph("Noop", nodes=[node])

if __name__ == "__main__":
    graph.launch(open_browser=False)
