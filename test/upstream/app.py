"""A Gradio app in two versions: what a Space offered, and what it offers after a commit."""

import sys

import gradio as gr


def generate(prompt: str, steps: float = 20, style: str = "photo"):
    return f"{prompt} in {steps} steps, {style}"


def generate_anew(prompt: str, style: str = "drawing", seed: float = 0):
    return f"{prompt}, {style}, {seed}", "a note"


def upscale(text: str):
    return text.upper()


def describe(text: str):
    return f"about {text}"


with gr.Blocks() as demo:
    prompt = gr.Textbox(label="Prompt")
    result = gr.Textbox(label="Result")
    note = gr.Textbox(label="Note")
    button = gr.Button()
    if sys.argv[1] == "old":
        steps = gr.Slider(1, 50, value=20, label="Steps")
        style = gr.Radio(["photo", "drawing"], value="photo", label="Style")
        button.click(generate, [prompt, steps, style], result, api_name="generate")
        button.click(upscale, prompt, result, api_name="upscale")
    else:
        style = gr.Radio(["drawing", "painting"], value="drawing", label="Style")
        seed = gr.Number(value=0, label="Seed")
        button.click(generate_anew, [prompt, style, seed], [result, note], api_name="generate")
        button.click(describe, prompt, result, api_name="describe")

demo.launch()
