"""One endpoint of every kind of component, with what people give it, for `daggr inspect` and `daggr add`.

Serves on the port in PORT. With CATALOG=changed the same app as its author might change it later.
"""

import os
from pathlib import Path
from typing import Literal

import gradio as gr

here = Path(__file__).parent / "fixtures"
is_changed = os.environ.get("CATALOG") == "changed"
STYLES = ["oil", "ink"] if is_changed else ["oil", "ink", ("Water colour", "water")]


def paint(prompt: str, image: str | None, style: str, tags: list, steps: float, seed: float | None, fonts: list,
          paper: str, when: str, colour: str, is_large: bool, secret: str):
    """Paints a picture. <b>Not</b> */ really."""
    picture = str(here / "dot.png")
    told = f"{prompt} {style} {tags} {steps:g} {seed} {fonts} {paper} {when} {colour} {is_large} {secret} {image is not None}"
    return picture, told, 0.5


def changed_paint(prompt, image, style, tags, steps, seed, fonts, paper, when, colour, is_large, secret, mood):
    return paint(prompt, image, style, tags, steps, seed, fonts, paper, when, colour, is_large, secret)


def files(one, many, gallery, sound, film, model, drawn, pair):
    given = [one, many, gallery, sound, film, model, drawn and drawn["composite"], pair]
    return [str(here / "dot.png")], str(sum(value is not None for value in given)), str(here / "dot.png")


def data(table, tokens, confidences, chat, message, code, markdown, html, anything):
    return {"a": 1, "b": 2}, {"cat": 0.75, "dog": 0.25}, [("a", "NOUN"), (" b", None)], [{"role": "user", "content": "hi"}]


def remember(text: str, seen: list):
    seen = [*seen, text]
    return ", ".join(seen), seen


def count(steps: float):
    for step in range(int(steps)):
        yield f"step {step}"


def typed(mode: Literal["fast", "slow"], times: int = 2, note: str | None = None) -> tuple[str, int]:
    """Gradio reads these types by itself."""
    return f"{mode} {note}", times


with gr.Blocks(title="Catalog") as catalog:
    text, number = gr.Textbox, gr.Number
    inputs = [
        gr.Textbox(label="Prompt", lines=3, placeholder="What to paint", value="A cat"),
        gr.Image(label="Image", type="filepath"),
        gr.Radio(STYLES, label="Style", value="oil", info="How it is painted"),
        gr.CheckboxGroup(["warm", "cold", "it's \"loud\""], label="Tags"),
        gr.Slider(1, 20 if is_changed else 50, value=20, step=1, label="Steps"),
        gr.Number(label="Seed", minimum=0, precision=0),
        gr.Dropdown(["serif", "mono"], multiselect=True, label="Fonts", value=["mono"], max_choices=2),
        gr.Dropdown(["A4", "letter"], label="Paper", allow_custom_value=True, value="A4"),
        gr.DateTime(label="When", type="string"),
        gr.ColorPicker(label="Colour", value="#ff0000"),
        gr.Checkbox(label="Large", value=True),
        gr.Textbox(visible=False, value="shh"),
    ]
    mood = gr.Radio(["calm", "wild"], label="Mood")
    outputs = [gr.Image(label="Final image", format="png"), gr.Textbox(label="What was done?"), number(label="2 numbers")]
    if is_changed:
        gr.Button().click(changed_paint, [*inputs, mood], outputs, api_name="paint")
    else:
        gr.Button().click(paint, inputs, outputs, api_name="paint")
        gr.Button().click(count, number(value=2), text(), api_name="old-count")
    gr.Button().click(
        files,
        [gr.File(label="One"), gr.File(label="Many", file_count="multiple", file_types=["image", ".txt"]), gr.Gallery(label="Gallery", type="filepath"),
         gr.Audio(type="filepath"), gr.Video(), gr.Model3D(), gr.ImageEditor(type="filepath"), gr.ImageSlider(type="filepath")],
        [gr.Gallery(label="test"), gr.Textbox(label="name"), gr.Image(label="name", format="png")],
        api_name="files",
    )
    gr.Button().click(
        data,
        [gr.Dataframe(headers=["name", "n"], type="array", value=[["a", 1]]), gr.HighlightedText(), gr.Label(), gr.Chatbot(),
         gr.MultimodalTextbox(), gr.Code(language="python", value="print(1)"), gr.Markdown(), gr.HTML(), gr.JSON(value={"a": [1]})],
        [gr.JSON(label="JSON"), gr.Label(label="Label"), gr.HighlightedText(label="for"), gr.Chatbot(label="会話")],
        api_name="data",
    )
    seen = gr.State([])
    gr.Button().click(remember, [text(label="Text"), seen], [text(label="Seen"), seen], api_name="remember")
    gr.Button().click(count, number(value=2, label="Steps"), text(label="Step"), api_name="count")
    gr.Button().click(lambda: "secret", None, text(), api_name="hidden_one", api_visibility="undocumented")
    gr.api(typed, api_name="typed")


if __name__ == "__main__":
    catalog.queue().launch(server_name="127.0.0.1", server_port=int(os.environ["PORT"]), show_error=True, allowed_paths=[str(here)], quiet=True)
