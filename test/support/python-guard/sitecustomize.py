"""Lets a test's Python talk to this machine only. Loaded by PYTHONPATH; see test/support/python.ts."""

import json
import os
import socket
import sys
import traceback


def is_local(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost", "0.0.0.0", "::", "::1") or not isinstance(host, str):
        return True
    return host.endswith(".localhost") or host.removeprefix("::ffff:").startswith("127.")


def refuse(what, host):
    record = os.environ.get("DAGGR_NETWORK_RECORD")
    if record:
        entry = {
            "what": what,
            "host": str(host),
            "argv": sys.argv[:4],
            "stack": [line.strip() for line in traceback.format_stack()[-12:-2]],
        }
        with open(record, "a") as file:
            file.write(json.dumps(entry) + "\n")
    return OSError(f"A test must not leave this machine: {what} {host}")


def guard(name):
    original = getattr(socket.socket, name)

    def guarded(self, address, *rest):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            raise refuse(name, address[0])
        return original(self, address, *rest)

    setattr(socket.socket, name, guarded)


guard("connect")
guard("connect_ex")

getaddrinfo = socket.getaddrinfo


def guarded_getaddrinfo(host, *args, **kwargs):
    if not is_local(host):
        raise refuse("getaddrinfo", host)
    return getaddrinfo(host, *args, **kwargs)


socket.getaddrinfo = guarded_getaddrinfo
