"""Work beside the server: it ends with the server, and a process that dies is replaced."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from server.kernel.processes import Aside

PROGRAM = """
import asyncio, os, signal
from server.kernel import processes
from tests.web.test_processes import where
async def main():
    pid = await processes.Aside().run(where, None)
    open({told!r}, "w").write(str(pid))
    os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    if {sabotaged}:
        processes._die_with_the_server = where
    asyncio.run(main())
"""


def where(_ask: object = None) -> int:
    return os.getpid()


def die_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def is_gone(pid: int, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not psutil.pid_exists(pid)


@pytest.mark.parametrize("sabotaged", [False, True])
def test_a_server_that_is_killed_leaves_no_process_behind(tmp_path: Path, sabotaged: bool) -> None:
    program, told = tmp_path / "program.py", tmp_path / "pid"
    program.write_text(PROGRAM.format(sabotaged=sabotaged, told=str(told)))
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    subprocess.run([sys.executable, program], cwd=root, env=environment, check=False)
    pid = int(told.read_text())
    gone = is_gone(pid, 1 if sabotaged else 10)
    if not gone:
        psutil.Process(pid).kill()
    assert gone is not sabotaged


def test_work_whose_process_was_killed_is_done_once_more(tmp_path: Path) -> None:
    async def run() -> str:
        aside = Aside()
        try:
            return await aside.run(die_once, tmp_path / "mark")
        finally:
            aside.stop()

    assert asyncio.run(run()) == "done"
