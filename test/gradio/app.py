"""Every shape of endpoint that daggr's Gradio client has to understand, on one server.

Serves on the port in PORT. `/` holds the endpoints below, `/nested/path` a single `gr.Interface`, `/talk` a
`gr.ChatInterface`, `/locked` one behind a login (ada / "löve lace").
"""

import asyncio
import os
import tempfile
import time
import wave
from pathlib import Path

import gradio as gr
import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI

here = Path(__file__).parent / "fixtures"
scratch = Path(tempfile.mkdtemp(prefix="daggr-gradio-"))
counters: dict[str, int] = {}


def same(value):
    return value


def count(steps: int):
    for step in range(int(steps)):
        counters["count"] = step
        yield f"step {step}"
        time.sleep(0.02)


def typewriter(text: str):
    history = [{"role": "user", "content": text}, {"role": "assistant", "content": ""}]
    yield history, {"seen": []}
    for end in range(1, len(text) + 1):
        history[1]["content"] = text[:end]
        yield history, {"seen": list(text[:end])}
        time.sleep(0.005)


def shrinking():
    yield [[1, 2, 3], [1, 2]], "a"
    yield [[1], [1]], "b"
    yield [[1, 5], [7]], "c"


def with_progress(steps: int, progress=gr.Progress()):
    for step in progress.tqdm(range(int(steps)), desc="Counting"):
        time.sleep(0.05)
    progress(0.75, desc="Nearly")
    time.sleep(0.05)
    return "counted"


def app_error(text: str):
    raise gr.Error(f"Cannot use {text!r}", title="No good")


def plain_error(text: str):
    raise ValueError(f"broken by {text}")


def hidden_error():
    raise ValueError("")


def logs(text: str):
    gr.Info(f"info {text}")
    gr.Warning(f"warning {text}")
    return text


def batched(words: list[str], lengths: list[int]):
    return [[word[: int(length)] for word, length in zip(words, lengths)]]


def late(seconds: float):
    end = time.time() + seconds
    while time.time() < end:
        counters["late"] = counters.get("late", 0) + 1
        time.sleep(0.02)
    return "late"


async def late_async(seconds: float):
    counters["async"] = 0
    for _ in range(int(seconds * 50)):
        counters["async"] += 1
        await asyncio.sleep(0.02)
    return "late"


def late_generator(seconds: float):
    for step in range(int(seconds * 20)):
        counters["generator"] = step
        yield step
        time.sleep(0.05)


def remember(text: str, seen: list):
    seen = [*seen, text]
    return ", ".join(seen), seen


def sound(seconds: float):
    path = scratch / f"tone-{seconds}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((np.sin(np.arange(int(8000 * seconds)) / 5) * 9000).astype("<i2").tobytes())
    return str(path)


def spoken(parts: int):
    for _ in range(int(parts)):
        yield sound(0.5)
        time.sleep(0.05)


def picture(width: int, height: int):
    pixels = np.zeros((int(height), int(width), 3), dtype="uint8")
    pixels[:, :, 0] = np.arange(int(width)) % 256
    return pixels


def annotated(image):
    return image, [((0, 0, 4, 4), "corner")]


def describe_file(file: str | None):
    if file is None:
        return "none"
    return f"{Path(file).name} {os.path.getsize(file)}"


def describe_files(files: list[str] | None):
    return "; ".join(describe_file(file) for file in files or [])


def describe_message(message: dict):
    return f"{message['text']} | {describe_files(message['files'])}"


def short(text: str):
    return gr.validate(len(text) < 5, "at most four letters")


def updated(text: str):
    return gr.update(value=text.upper(), label="Shouted"), gr.skip(), gr.Textbox(value=text, visible=False)


def numbers():
    return {"nan": float("nan"), "inf": float("inf"), "one": 1}, float("nan")


def plain_json():
    return {"path": "/etc/passwd", "note": "not a file", "list": [{"path": "x"}]}


def tools(name: str):
    return counters.get(name, 0)


ECHOES = {
    "text": lambda: gr.Textbox(),
    "number": lambda: gr.Number(),
    "slider": lambda: gr.Slider(0, 10, value=3),
    "checkbox": lambda: gr.Checkbox(),
    "checkbox_group": lambda: gr.CheckboxGroup(["a", "b", "ü"]),
    "radio": lambda: gr.Radio(["one", "two"]),
    "dropdown": lambda: gr.Dropdown(["one", "two"]),
    "dropdown_many": lambda: gr.Dropdown(["one", "two", "three"], multiselect=True),
    "date_time": lambda: gr.DateTime(type="string"),
    "color": lambda: gr.ColorPicker(),
    "code": lambda: gr.Code(language="python"),
    "markdown": lambda: gr.Markdown(),
    "html": lambda: gr.HTML(),
    "json": lambda: gr.JSON(),
    "image": lambda: gr.Image(type="filepath", format="png"),
    "audio": lambda: gr.Audio(type="filepath"),
    "video": lambda: gr.Video(),
    "file": lambda: gr.File(),
    "files": lambda: gr.File(file_count="multiple"),
    "model3d": lambda: gr.Model3D(),
    "image_slider": lambda: gr.ImageSlider(type="filepath", format="png"),
    "gallery": lambda: gr.Gallery(type="filepath", format="png"),
    "highlighted": lambda: gr.HighlightedText(),
    "dataframe": lambda: gr.Dataframe(headers=["name", "n"], datatype=["str", "number"], type="array"),
    "chatbot": lambda: gr.Chatbot(),
    "multimodal": lambda: gr.MultimodalTextbox(),
    "dialogue": lambda: gr.Dialogue(speakers=["A", "B"], type="list"),
    "explorer": lambda: gr.FileExplorer(root_dir=str(here)),
    "upload_button": lambda: gr.UploadButton(),
    "download_button": lambda: gr.DownloadButton(),
    "button": lambda: gr.Button(),
    "timer": lambda: gr.Timer(5, active=False),
    "browser_state": lambda: gr.BrowserState(),
}


def main_app() -> gr.Blocks:
    with gr.Blocks(title="Every shape") as blocks:
        for name, make in ECHOES.items():
            value, result = make(), make()

            def echo(value, is_tokens=name == "highlighted"):
                # Gradio hands tokens over as objects and takes them back as pairs only.
                return [tuple(token.values()) for token in value] if is_tokens else value

            gr.Button().click(echo, value, result, api_name=name)

        def on(fn, inputs, outputs, **options):
            return gr.Button().click(fn, inputs, outputs, **{"api_name": fn.__name__, **options})

        text, number, image = gr.Textbox, gr.Number, gr.Image
        on(lambda value: {"cat": 0.75, "dog": 0.25}, text(), gr.Label(), api_name="label")
        on(lambda value: str(value), gr.Label(), text(), api_name="label_in")
        on(lambda value: str(sorted(value.keys())) + str(value["composite"] is not None) + str(len(value["layers"])),
           gr.ImageEditor(type="filepath"), text(), api_name="image_editor_in")
        on(lambda value: value["composite"], gr.ImageEditor(type="filepath"), gr.ImageEditor(type="filepath", format="png"), api_name="image_editor")
        on(lambda value: value, gr.ImageEditor(type="filepath"), gr.ImageEditor(type="filepath", format="png"), api_name="image_layers")
        on(annotated, image(type="filepath"), gr.AnnotatedImage(format="png"))
        on(lambda: pd.DataFrame({"x": [1, 2], "y": [3.5, 4.5]}), None, gr.LinePlot(x="x", y="y"), api_name="line_plot")
        on(lambda: {"x": {"type": "int", "description": "d", "default": None}}, None, gr.ParamViewer(), api_name="param_viewer")
        on(lambda: pd.DataFrame({"a": [1, 2], "b": ["x", None]}), None, gr.Dataframe(), api_name="frame_out")
        on(picture, [number(value=8), number(value=4)], image(format="png"))
        on(sound, gr.Number(value=0.1), gr.Audio())
        on(spoken, number(value=2), gr.Audio(streaming=True))
        on(describe_file, gr.File(), text())
        on(describe_files, gr.File(file_count="multiple"), text())
        on(describe_message, gr.MultimodalTextbox(), text())
        on(count, number(value=3), text())
        on(typewriter, text(), [gr.Chatbot(), gr.JSON()])
        on(shrinking, None, [gr.JSON(), text()])
        on(with_progress, number(value=3), text())
        on(app_error, text(), text())
        on(plain_error, text(), text())
        on(hidden_error, None, text())
        on(logs, text(), text())
        on(batched, [text(), number()], text(), batch=True, max_batch_size=4)
        on(same, text(), text(), queue=False, api_name="unqueued")
        on(plain_error, text(), text(), queue=False, api_name="unqueued_error")
        seen = gr.State([])
        on(remember, [text(), seen], [text(), seen])
        on(lambda a, b: (a, b, a + b, a * b, [a, b]), [number(), number()],
           [number(), number(), number(), number(), gr.JSON()], api_name="many")
        on(lambda text: None, text(), None, api_name="nothing")
        on(lambda: "alone", None, text(), api_name="no_inputs")
        on(lambda wert: f"grüße {wert}", text(label="Wört"), text(label="Größe"), api_name="grüße_世界")
        on(same, text(), text(), api_name="checked", validator=short)
        on(updated, text(), [text(), text(), text()])
        on(numbers, None, [gr.JSON(), number()])
        on(plain_json, None, gr.JSON())
        on(late, number(), text())
        on(late_async, number(), text())
        on(late_generator, number(), number())
        on(lambda seconds: time.sleep(seconds), number(), None, api_name="one_at_a_time", concurrency_limit=1)
        on(tools, text(), number(), queue=False)
        on(lambda text, n, flag, choice: f"{text} {n} {flag} {choice}",
           [text(value="preset"), number(value=7), gr.Checkbox(value=True), gr.Radio(["x", "y"])], text(), api_name="defaults")
        on(lambda image: image, image(type="filepath", value=str(here / "dot.png")), gr.File(), api_name="file_default")
        on(lambda a, b=None: f"{a} {b}", [text(), text()], text(), api_name="python_default")
        on(lambda api_name, fn_index: f"{api_name}{fn_index}", [text(), text()], text(), api_name="reserved_names")
        on(same, text(), text(), api_name="undocumented", api_visibility="undocumented")
        on(same, text(), text(), api_name="private", api_visibility="private")
        on(lambda n: "x" * int(n), number(), text(), api_name="long_text")
        on(lambda secret, text: f"{text} {secret}", [gr.Textbox(visible=False, value="shh"), text()], text(), api_name="invisible")
    blocks.queue(default_concurrency_limit=20)
    return blocks


def greet(name: str, excited: bool = False) -> str:
    return f"Hello {name}{'!' if excited else '.'}"


def answer(message: str, history: list):
    for end in range(1, len(message) + 1):
        yield message[:end]


api = FastAPI()
with gr.Blocks() as members:
    gr.Button().click(greet, [gr.Textbox(), gr.Checkbox()], gr.Textbox(), api_name="greet")
    gr.Button().click(describe_file, gr.File(), gr.Textbox(), api_name="describe_file")
    gr.Button().click(picture, [gr.Number(value=8), gr.Number(value=4)], gr.Image(format="png"), api_name="picture")
gr.mount_gradio_app(api, gr.Interface(greet, ["text", "checkbox"], ["text"]), path="/nested/path")
gr.mount_gradio_app(api, gr.ChatInterface(answer), path="/talk")
gr.mount_gradio_app(api, members, path="/locked", auth=[("ada", "löve lace")])
gr.mount_gradio_app(api, main_app(), path="/", allowed_paths=[str(scratch), str(here)], max_file_size="1mb", show_error=True)


if __name__ == "__main__":
    uvicorn.run(api, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
