"""What comes before the first frame imports neither the compiler nor NumPy."""

import json
import subprocess
import sys
from pathlib import Path

PROBE = """
import asyncio, json, sys
from nnsim.tui.app import NnsimApp

async def first_frame():
    app = NnsimApp(warm=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert len(app.screen.entries) > 10

asyncio.run(first_frame())
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_the_gallery_needs_no_compiler(tmp_path, monkeypatch):
    monkeypatch.setenv("NNSIM_STATE", str(tmp_path / "state.json"))
    monkeypatch.setenv("NNSIM_CONFIG", str(tmp_path / "settings.toml"))
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "textual" in loaded
    assert not loaded & {"numba", "llvmlite", "numpy", "scipy", "pydantic", "matplotlib", "click"}
