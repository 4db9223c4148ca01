"""Gradio itself shares an app, with the share service of the tests in the place of its own."""

import sys

import gradio as gr
import gradio.networking as networking

if sys.argv[1] != "-":
    networking.GRADIO_API_SERVER = sys.argv[1]
demo = gr.Interface(lambda text: text.upper(), "text", "text", api_name="shout")
_, local, share = demo.launch(share=True, prevent_thread_lock=True, quiet=True)
print(f"SHARED {local} {share}", flush=True)
sys.stdin.read()
demo.close()
