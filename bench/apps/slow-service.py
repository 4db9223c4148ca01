"""A Gradio server whose only endpoint takes one second, and takes many at a time."""

import time

import gradio as gr


def step(text):
    time.sleep(1)
    return text


with gr.Blocks() as app:
    text = gr.Textbox()
    out = gr.Textbox()
    gr.Button().click(step, text, out, api_name="step", concurrency_limit=16)

if __name__ == "__main__":
    app.launch(quiet=True)
