"""Two Gradio endpoints: one draws a picture for a prompt, the other removes a picture's background."""

import hashlib
import time
from collections import deque
from math import comb

import gradio as gr
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

ANIMALS = {
    "cheetah": ("#e2a13b", "#3a2a1a", True),
    "lion": ("#d98b36", "#7a3e12", False),
    "fox": ("#e0642b", "#fff4e6", False),
    "cat": ("#5c5f66", "#e9ecef", False),
    "panther": ("#12121a", "#4b4e63", False),
    "wolf": ("#868e96", "#dee2e6", False),
}
SKIES = {"night": ("#141a4a", "#4c4f8f"), "evening": ("#b5446e", "#ffc078"), "snow": ("#a5c8e4", "#f1f7fb")}
MEADOWS = {"snow": "#dbe9f1", "night": "#26334f", "desert": "#d9b382", "forest": "#4f8a6a"}


def animal_in(prompt: str):
    words = prompt.lower()
    return next((look for name, look in ANIMALS.items() if name in words), ANIMALS["fox"])


def limb(draw, points, color, start, end):
    """A rounded stroke through the points that gets thinner."""
    (count, steps) = (len(points) - 1, 40)
    for step in range(steps + 1):
        t = step / steps
        way = [[t**i * (1 - t) ** (count - i) * comb(count, i) * points[i][axis] for i in range(count + 1)] for axis in (0, 1)]
        x, y, radius = sum(way[0]), sum(way[1]), (start + (end - start) * t) / 2
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def generate_image(prompt: str, height: float = 768, width: float = 768, seed: float = 0.0, progress=gr.Progress()):
    """Draws an animal that runs under a sky; the prompt says which, the seed how."""
    if not prompt.strip():
        raise gr.Error("The prompt is empty.")
    key = hashlib.sha256(f"{prompt}|{seed}".encode()).digest()
    draws = np.random.default_rng(int.from_bytes(key[:8], "big"))
    body, marks, spotted = animal_in(prompt)
    sky = next((colors for name, colors in SKIES.items() if name in prompt.lower()), ("#8cc8f0", "#fdf0d5"))
    meadow = next((color for name, color in MEADOWS.items() if name in prompt.lower()), "#a9b665")

    progress(0.2, desc="Sky")
    size = 512
    steps = np.linspace(0, 1, size)[:, None, None]
    top, bottom = (np.array(Image.new("RGB", (1, 1), color).getpixel((0, 0))) for color in sky)
    picture = Image.fromarray(np.broadcast_to(top * (1 - steps) + bottom * steps, (size, size, 3)).astype(np.uint8))

    progress(0.6, desc="Animal")
    ImageDraw.Draw(picture).ellipse((-300, 440, 812, 900), fill=meadow)
    layer = Image.new("RGBA", (size * 2, size * 2))
    draw = ImageDraw.Draw(layer)
    lean = float(draws.uniform(-25, 25))
    for x, knee, foot in ((340, -70, -170), (410, 10, -70), (640, 60, 40), (710, 90, 190)):
        limb(draw, [(x, 610), (x + knee, 700), (x + foot, 770 + lean)], body, 44, 22)
    limb(draw, [(310, 540), (200, 560), (150, 470 - lean), (60, 450)], body, 26, 20)
    draw.ellipse((270, 470, 620, 660), fill=body)
    draw.ellipse((470, 460, 790, 680), fill=body)
    limb(draw, [(700, 540), (770, 480), (820, 450)], body, 120, 96)
    limb(draw, [(800, 400), (795, 350)], body, 40, 18)
    draw.ellipse((765, 385, 905, 505), fill=body)
    draw.ellipse((850, 425, 945, 500), fill=body)
    draw.ellipse((920, 435, 952, 465), fill=marks)
    draw.ellipse((845, 415, 867, 437), fill="#1b1b18")
    draw.arc((860, 450, 930, 490), 20, 120, fill="#1b1b18", width=5)
    if spotted:
        for _ in range(60):
            x, y = float(draws.uniform(320, 740)), float(draws.uniform(495, 655))
            if ((x - 525) / 225) ** 2 + ((y - 565) / 76) ** 2 < 1:
                radius = float(draws.uniform(6, 11))
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=marks)
    animal = layer.resize((size, size), Image.LANCZOS)
    picture.paste(animal, (0, int(draws.integers(0, 20))), animal)
    time.sleep(0.2)
    progress(1.0, desc="Done")
    return picture.resize((int(width), int(height)), Image.LANCZOS)


def image(image: Image.Image):
    """Makes the background transparent: what is like the border and joined to it."""
    if image is None:
        raise gr.Error("There is no image.")
    source = image.convert("RGB")
    small = np.asarray(source.resize((256, 256))).astype(int)
    background = np.zeros((256, 256), bool)
    edge = [(y, x) for y in range(256) for x in range(256) if y in (0, 255) or x in (0, 255)]
    queue = deque(edge)
    for y, x in edge:
        background[y, x] = True
    while queue:
        y, x = queue.popleft()
        for near_y, near_x in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if 0 <= near_y < 256 and 0 <= near_x < 256 and not background[near_y, near_x]:
                if np.abs(small[near_y, near_x] - small[y, x]).sum() < 14:
                    background[near_y, near_x] = True
                    queue.append((near_y, near_x))
    mask = Image.fromarray(np.where(background, 0, 255).astype(np.uint8)).filter(ImageFilter.MinFilter(3))
    final = source.copy()
    final.putalpha(mask.resize(source.size, Image.LANCZOS))
    return source, final


with gr.Blocks(title="Picture tools") as demo:
    picture = gr.Image(type="pil", format="png")
    gr.Button("Draw").click(
        generate_image,
        [gr.Textbox(label="Prompt"), gr.Number(768, label="Height"), gr.Number(768, label="Width"), gr.Number(0, label="Seed")],
        picture,
        api_name="generate_image",
    )
    gr.Button("Remove background").click(
        image,
        picture,
        [gr.Image(type="pil", format="png"), gr.Image(type="pil", format="png")],
        api_name="image",
    )

if __name__ == "__main__":
    demo.launch()
