"""What of Gradio matters to whoever starts an app: it listens where launch() is told to, and answers /config.

For tests of processes, which come and go many times; what an app computes is tested with the real Gradio.
"""

import http.server
import json
import os


class Blocks:
    def __init__(self, functions=None):
        self.functions = functions or {}

    def launch(self, server_name=None, server_port=None, share=False, inbrowser=False, root_path=None, quiet=False):
        config = {
            "version": "6.31.0",
            "protocol": "sse_v3",
            "app_id": os.getpid(),
            "api_prefix": "/gradio_api",
            "components": [],
            "dependencies": [],
            "share": share,
        }

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = {"/config": config, "/gradio_api/app_id": {"app_id": os.getpid()}}.get(self.path.split("?")[0])
                body = body or {"named_endpoints": {}, "unnamed_endpoints": {}}
                data = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                pass

        print(f"pid {os.getpid()}")
        http.server.ThreadingHTTPServer((server_name, server_port), Handler).serve_forever()
