"""Somebody in a terminal: type-in-terminal.py JSON PROGRAM ARGUMENT…, where JSON is [[what to wait for, what to type], …].
What the terminal showed goes to stdout, and the program's exit status is this one's."""

import json
import os
import pty
import select
import sys
import termios
import time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
seen = 0
deadline = time.monotonic() + 40
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 0.5)[0]:
        continue
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if steps and steps[0][0].encode() in shown[seen:]:
        seen = len(shown)
        # The prompt comes a moment before the echo is switched off, which throws away what was typed too early.
        while "\r" in steps[0][1] and termios.tcgetattr(terminal)[3] & termios.ECHO and time.monotonic() < deadline:
            time.sleep(0.005)
        os.write(terminal, steps.pop(0)[1].encode())
else:
    os.kill(pid, 9)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 99)
