import gradio as gr
from daggr import FnNode, Graph


def shout(text):
    return text.upper()


def frame(text):
    return f"*** {text} ***"


shouted = FnNode(shout, inputs={"text": gr.Textbox(label="Text", value="hello")}, outputs={"loud": gr.Textbox()})
framed = FnNode(frame, inputs={"text": shouted.loud}, outputs={"text": gr.Textbox()})
graph = Graph("Start", nodes=[framed])

if __name__ == "__main__":
    graph.launch(open_browser=False)
