"""Packs packages that are installed here into wheels again: make-index.py <folder> <package…>, with all that they need.

So a test installs what PyPI gave, without asking it. `--as-gradio <file>` makes a wheel called gradio of one module.
"""

import importlib.metadata as metadata
import pathlib
import sys
import zipfile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LEFT_OUT = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")


def closure(names):
    found, pending = {}, list(names)
    while pending:
        dist = metadata.distribution(pending.pop())
        name = canonicalize_name(dist.metadata["Name"])
        if name in found:
            continue
        found[name] = dist
        for text in dist.requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                pending.append(requirement.name)
    return found.values()


def write(path, files, info):
    part = path.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as wheel:
        for name, content in files:
            wheel.writestr(name, content)
        record = "".join(f"{name},,\n" for name, _ in files)
        wheel.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    part.rename(path)


def pack(dist, folder):
    name = dist.metadata["Name"].replace("-", "_").replace(".", "_")
    tags = [line[5:] for line in dist.read_text("WHEEL").splitlines() if line.startswith("Tag: ")]
    path = folder / f"{name}-{dist.version}-{tags[-1]}.whl"
    if path.exists():
        return
    files, info = [], None
    for file in dist.files:
        parts = file.parts
        if ".." in parts or "__pycache__" in parts:
            continue
        if parts[0].endswith(".dist-info"):
            info = parts[0]
            if parts[-1] in LEFT_OUT:
                continue
        files.append((str(file), file.locate().read_bytes()))
    write(path, files, info)


def pack_module(source, folder):
    info = "gradio-6.31.0.dist-info"
    meta = "Metadata-Version: 2.1\nName: gradio\nVersion: 6.31.0\n"
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = [("gradio.py", pathlib.Path(source).read_bytes()), (f"{info}/METADATA", meta), (f"{info}/WHEEL", wheel)]
    write(folder / "gradio-6.31.0-py3-none-any.whl", files, info)


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
names = sys.argv[2:]
if names[0] == "--as-gradio":
    pack_module(names[1], folder)
    names = names[2:]
for dist in closure(names):
    pack(dist, folder)
