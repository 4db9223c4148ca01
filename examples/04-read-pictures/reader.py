"""A Gradio app that reads the text in a picture."""

import gradio as gr
import numpy as np
from rapidocr_onnxruntime import RapidOCR

engine = RapidOCR()


def read(image: np.ndarray) -> str:
    """The text of a picture, one line for each row of it."""
    if image is None:
        raise gr.Error("There is no picture.")
    found, _ = engine(image[:, :, ::-1])
    rows: list[list[tuple[float, float, float, str]]] = []
    for box, text, _ in sorted(found or [], key=lambda entry: entry[0][0][1]):
        left, top, bottom = box[0][0], box[0][1], box[2][1]
        middle = (top + bottom) / 2
        # Words of one row are found one by one: a name here, an amount at the other end.
        if rows and rows[-1][0][1] < middle < rows[-1][0][2]:
            rows[-1].append((left, top, bottom, text))
        else:
            rows.append([(left, top, bottom, text)])
    return "\n".join("  ".join(word[3] for word in sorted(row)) for row in rows)


with gr.Blocks(title="Reader") as demo:
    gr.Button("Read").click(read, gr.Image(type="numpy"), gr.Textbox(label="Text"), api_name="read")

if __name__ == "__main__":
    demo.launch()
