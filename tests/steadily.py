"""pytest; a few tests of whole processes that failed beside others are then run alone, and are
red if they are red there too. Any other failure stands (docs/adr/0014).

    python -m tests.steadily ARGUMENTS OF PYTEST
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WHOLE_PROCESSES = ("tests/e2e/", "tests/faults/")
FEW = 4
FAILED = "DOCKHAND_FAILED"
"""Names the file that `tests/conftest.py` writes the failed ones' names to."""


def pytest(args: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *args], check=False).returncode


def steadily(args: list[str]) -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "failed")
        os.environ[FAILED] = str(listed)
        code = pytest(args)
        os.environ.pop(FAILED)
        failed = listed.read_text().splitlines() if listed.exists() else []
    say(f"pytest ({time.monotonic() - began:.1f} s)")
    if code != 1 or not may_run_alone(failed):
        return code
    say(f"failed beside others, run again alone: {', '.join(failed)}")
    code = pytest(["-q", "-n", "0", *failed])
    say("red alone as well" if code else f"UNSTEADY, green alone: {', '.join(failed)}")
    return code


def may_run_alone(failed: list[str]) -> bool:
    """Few, and all of them with browsers or processes that share the machine's two cores."""
    return 0 < len(failed) <= FEW and all(name.startswith(WHOLE_PROCESSES) for name in failed)


def say(text: str) -> None:
    sys.stdout.write(f"steadily: {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(steadily(sys.argv[1:]))
