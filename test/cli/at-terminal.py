"""Runs a command at a terminal of its own: what it prints goes to stdout, and stdin is what is typed."""

import os
import pty
import sys

sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
