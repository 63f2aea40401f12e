"""내려받은 노트북이 그대로 도는지 본다. 사이트를 지은 환경(.venv)의 커널로 처음부터 끝까지 실행한다."""

import subprocess
from pathlib import Path

import pytest
from visiting import FOLDER

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((FOLDER / "notebooks").glob("*.ipynb"))
QUICK = "same-padding"  # this one at every change, the others in full
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        allowed = "raises-exception" in cell.metadata.get("tags", [])
        assert output.output_type != "error" or allowed, output
        assert output.get("name") != "stderr", output.text
print(sum(cell.cell_type == "code" for cell in notebook.cells))
"""


def test_every_answer_has_its_notebook(site):
    assert {file.stem for file in NOTEBOOKS} == {Path(page).stem for page in site.answers}


@pytest.mark.parametrize(
    "notebook",
    [pytest.param(file, marks=[pytest.mark.full] * (file.stem != QUICK), id=file.stem) for file in NOTEBOOKS],
)
def test_a_notebook_runs_as_it_is(notebook, tmp_path):
    python = ROOT / ".venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-c", RUN, notebook], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.splitlines()[-1]) > 5
