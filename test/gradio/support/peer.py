"""Makes the calls it reads from standard input with the real Python client, and prints what that returns.

Files go in as {"$path": …} and come out as {"$file": SHA-256 of the content}.
"""

import hashlib
import json
import os
import sys

from gradio_client import Client, handle_file

request = json.load(sys.stdin)
client = Client(request["url"], verbose=False, download_files=request["folder"], analytics_enabled=False)


def encode(value):
    if isinstance(value, dict):
        return handle_file(value["$path"]) if "$path" in value else {key: encode(item) for key, item in value.items()}
    return [encode(item) for item in value] if isinstance(value, list) else value


def decode(value):
    if isinstance(value, str) and value.startswith(request["folder"]) and os.path.isfile(value):
        with open(value, "rb") as file:
            return {"$file": hashlib.sha256(file.read()).hexdigest()}
    if isinstance(value, dict):
        return {key: decode(item) for key, item in value.items()}
    return [decode(item) for item in value] if isinstance(value, (list, tuple)) else value


def run(call):
    job = client.submit(api_name=call["apiName"], **{name: encode(value) for name, value in call["args"].items()})
    try:
        result = job.result(timeout=30)
        # One return value comes bare, none as an empty tuple.
        return {"result": decode(result), "partials": [decode(item) for item in job.outputs()]}
    except Exception as error:
        return {"error": str(error), "type": type(error).__name__}


json.dump([run(call) for call in request["calls"]], sys.stdout)
