"""What the official Python client makes of the Hub stub. Reads one JSON of arguments, prints one JSON of answers."""

import json
import os
import sys
import tempfile
import warnings

import huggingface_hub
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

warnings.simplefilter("ignore")
arguments = json.load(sys.stdin)
api = HfApi(token=arguments.get("token"))


def error_of(work):
    try:
        work()
    except HfHubHTTPError as error:
        return [type(error).__name__, error.response.status_code]
    return None


def account():
    told = api.whoami()
    return {"name": told["name"], "orgs": [one["name"] for one in told["orgs"]], "auth": told["auth"]}


def work():
    """A Space from nothing to running, in several commits."""
    name = arguments["space"]
    api.create_repo(
        name,
        repo_type="space",
        space_sdk="gradio",
        private=True,
        space_hardware="t4-small",
        space_secrets=[{"key": "FIRST", "value": "secret-1"}],
        space_variables=[{"key": "MODE", "value": "fast"}],
    )
    again = error_of(lambda: api.create_repo(name, repo_type="space", space_sdk="gradio"))
    api.create_repo(name, repo_type="space", space_sdk="gradio", exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/lib")
        for path, text in arguments["files"].items():
            with open(f"{folder}/{path}", "w") as file:
                file.write(text)
        first = api.upload_folder(repo_id=name, repo_type="space", folder_path=folder, commit_message="First")
    second = api.create_commit(
        name,
        [CommitOperationAdd("app.py", b"print(2)\n"), CommitOperationDelete("lib/", is_folder=True)],
        commit_message="Second",
        repo_type="space",
        parent_commit=first.oid,
    )
    stale = error_of(
        lambda: api.create_commit(
            name,
            [CommitOperationAdd("app.py", b"")],
            commit_message="Late",
            repo_type="space",
            parent_commit=first.oid,
        )
    )
    api.add_space_secret(name, "SECOND", "secret-2", description="more")
    api.delete_space_secret(name, "FIRST")
    variables = api.add_space_variable(name, "DEPTH", "3")
    stages = [api.get_space_runtime(name).stage for _ in range(3)]
    api.request_space_hardware(name, "a10g-small", sleep_time=600)
    asked = api.set_space_sleep_time(name, 900)
    paused = api.pause_space(name).stage
    api.restart_space(name, factory_reboot=True)
    info = api.space_info(name)
    copy = api.duplicate_repo(name, to_id=arguments["copy"], repo_type="space")
    return {
        "again": again,
        "stale": stale,
        "first": first.oid,
        "second": second.oid,
        "secrets": {key: one.description for key, one in api.get_space_secrets(name).items()},
        "variables": {key: one.value for key, one in variables.items()},
        "stages": stages,
        "sleep": asked.sleep_time,
        "requested": asked.requested_hardware,
        "paused": paused,
        "sha": info.sha,
        "sdk": info.sdk,
        "card": info.card_data.to_dict() if info.card_data else None,
        "private": info.private,
        "siblings": sorted(one.rfilename for one in info.siblings),
        "commits": [[one.commit_id, one.title, one.authors] for one in api.list_repo_commits(name, repo_type="space")],
        "tree": sorted(one.path for one in api.list_repo_tree(name, repo_type="space", recursive=True)),
        "paths": [one.path for one in api.get_paths_info(name, ["app.py", "nope"], repo_type="space")],
        "build": list(api.fetch_space_logs(name, build=True)),
        "found": [one.id for one in api.list_spaces(search=name.split("/")[1])],
        "copy": copy.repo_id,
        "copied": sorted(one.path for one in api.list_repo_tree(arguments["copy"], repo_type="space", recursive=True)),
    }


def snapshot():
    folder = snapshot_download(
        arguments["space"], repo_type="space", revision=arguments["revision"], local_dir=arguments["folder"],
        token=arguments["token"],
    )
    found = {}
    for root, _, files in os.walk(folder):
        if ".cache" in root:
            continue
        for name in files:
            with open(f"{root}/{name}") as file:
                found[os.path.relpath(f"{root}/{name}", folder)] = file.read()
    return found


def large():
    content = b"x" * arguments["bytes"]
    api.create_repo(arguments["model"], exist_ok=True)
    api.create_commit(arguments["model"], [CommitOperationAdd("weights.bin", content)], commit_message="Weights")
    path = huggingface_hub.hf_hub_download(
        arguments["model"], "weights.bin", local_dir=arguments["folder"], token=arguments["token"]
    )
    with open(path, "rb") as file:
        return file.read() == content


def refusals():
    other = HfApi(token=arguments["other"])
    nobody = HfApi(token=False)
    private, gated, public = arguments["private"], arguments["gated"], arguments["public"]
    return {
        "private, nobody": error_of(lambda: nobody.space_info(private)),
        "private, another": error_of(lambda: other.space_info(private)),
        "gated info": error_of(lambda: nobody.model_info(gated)),
        "gated file": error_of(lambda: nobody.hf_hub_download(gated, "README.md")),
        "gated file, another": error_of(lambda: other.hf_hub_download(gated, "README.md")),
        "revision": error_of(lambda: nobody.model_info(public, revision="nope")),
        "write": error_of(lambda: other.upload_file(path_or_fileobj=b"", path_in_repo="a", repo_id=public)),
        "read token": error_of(lambda: HfApi(token=arguments["read"]).create_repo(f"{arguments['owner']}/x")),
        "expired": error_of(lambda: HfApi(token=arguments["expired"]).model_info(public)),
        "limited": error_of(lambda: nobody.model_info(arguments["limited"])),
    }


def model():
    info = api.model_info(
        arguments["model"], expand=["inferenceProviderMapping", "pipeline_tag", "sha", "cardData", "gated"]
    )
    return {
        "task": info.pipeline_tag,
        "sha": info.sha,
        "license": info.card_data.license,
        "providers": [[one.provider, one.status, one.provider_id] for one in info.inference_provider_mapping],
        "found": [one.id for one in api.list_models(search="llama", inference_provider="all")],
    }


def gradio():
    """gradio_client finds a Space by its name, and calls it."""
    from gradio_client import Client

    client = Client(arguments["space"], token=arguments["token"], verbose=False)
    return client.predict(arguments["text"], api_name="/upscale")


def daggr_py():
    """daggr for Python notices that a Space has changed, and copies its old revision."""
    import contextlib
    import io

    os.environ["HF_TOKEN"] = arguments["token"]
    from daggr import GradioNode, Graph, _client_cache
    from daggr.graph import _duplicate_space_at_revision

    node = GradioNode(arguments["space"], api_name="/generate", inputs={"prompt": "x"}, outputs={}, validate=False)
    graph = Graph("Peer", nodes=[node])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        _client_cache.set_dependency_hash(arguments["space"], arguments["revision"])
        graph._check_dependency_hashes()
        copy = _duplicate_space_at_revision(arguments["space"], arguments["revision"], arguments["name"])
    return {"said": said.getvalue(), "copy": copy}


def login():
    from huggingface_hub.utils._oauth_device import poll_device_token, refresh_access_token, request_device_code

    info = request_device_code()
    print(json.dumps(info), flush=True)
    try:
        token = poll_device_token(info)
    except Exception as error:
        return {"error": str(error)}
    renewed = refresh_access_token(token["refresh_token"])
    spent = None
    try:
        refresh_access_token(token["refresh_token"])
    except Exception as error:
        spent = str(error)
    return {"name": HfApi(token=renewed["access_token"]).whoami()["name"], "spent": spent}


print(json.dumps(globals()[sys.argv[1]]()))
