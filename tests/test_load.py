"""Does the measurement of many people at once run, and see what it is there to see?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.model
def test_the_measurement_runs(sample_library):
    """A few people for a moment: each is answered, by an answer of their own."""
    command = [sys.executable, "tests/load.py", "--library", str(sample_library.folder)]
    done = subprocess.run(
        [*command, "--people", "12", "--seconds", "2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.match(
        r"[1-9]\d* asked, 100\.0% answered, 0 told to wait, 0 lost, 0 mixed up\n"
        r"p50 [\d.]+ s, p95 [\d.]+ s, longest [\d.]+ s\nmemory \d+ MB before, \d+ MB after\n$",
        done.stdout,
    )
    assert not (sample_library.folder.parent / "people.jsonl").exists()
