"""Python functions for a TypeScript graph: what numpy and Pillow are good at. Any Gradio app will do."""

import gradio as gr
import numpy as np
from PIL import Image, ImageDraw

INK, SOFT, OUTLIER = "#1f6feb", "#c9d4e3", "#d4351c"


def smooth(readings: list[float], window: float = 7):
    """The moving median, and where a reading is far from it."""
    values = np.asarray(readings, float)
    if values.size == 0:
        raise gr.Error("There are no readings.")
    half = max(1, int(window)) // 2
    padded = np.pad(values, half, mode="edge")
    smoothed = np.array([np.median(padded[at : at + 2 * half + 1]) for at in range(values.size)])
    away = np.abs(values - smoothed)
    limit = 3 + 2 * np.median(away)
    print(f"{values.size} readings, limit {limit:.2f}")
    return {"smoothed": smoothed.round(2).tolist(), "outliers": np.flatnonzero(away > limit).tolist()}


def chart(readings: list[float], found: dict):
    """Readings as dots, the median as a line, outliers marked."""
    values, line = np.asarray(readings, float), np.asarray(found["smoothed"])
    width, height, edge = 960, 420, 40
    low, high = values.min() - 1, values.max() + 1
    x = edge + np.arange(values.size) * (width - 2 * edge) / max(1, values.size - 1)

    def y(level):
        return height - edge - (level - low) * (height - 2 * edge) / (high - low)

    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    for level in np.linspace(low, high, 5):
        draw.line((edge, y(level), width - edge, y(level)), fill="#eeeeee")
    draw.line(list(zip(x, y(line))), fill=INK, width=4, joint="curve")
    for at, level in enumerate(values):
        radius, color = (8, OUTLIER) if at in found["outliers"] else (4, SOFT)
        draw.ellipse((x[at] - radius, y(level) - radius, x[at] + radius, y(level) + radius), fill=color)
    return picture


with gr.Blocks() as demo:
    readings, found, window = gr.JSON(), gr.JSON(), gr.Number(7)
    gr.Button().click(smooth, [readings, window], found, api_name="smooth")
    gr.Button().click(chart, [readings, found], gr.Image(type="pil", format="png"), api_name="chart")

demo.launch()
