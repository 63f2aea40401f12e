"""What zizmor does not ask of the workflows."""

import re

import pytest
import yaml
from pages import ROOT

WORKFLOWS = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")
}
JOBS = {
    f"{file}:{name}": job
    for file, text in WORKFLOWS.items()
    for name, job in yaml.safe_load(text)["jobs"].items()
}


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_every_job_has_a_name_a_time_limit_and_rights_of_its_own(job):
    assert job["name"]
    assert 0 < job["timeout-minutes"] <= 60
    assert job["permissions"]


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_a_workflow_gives_no_right_to_all_its_jobs(text):
    assert yaml.safe_load(text)["permissions"] == {}


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS)
def test_every_action_is_pinned_by_its_hash_and_says_its_version(text):
    used = re.findall(r"uses:.*", text)
    assert used
    assert [
        line for line in used if not re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", line)
    ] == []


def test_only_what_deploys_may_write_and_only_from_main_where_the_site_has_an_address():
    writing = {name for name, job in JOBS.items() if "write" in job["permissions"].values()}
    assert writing == {"ci.yml:deploy"}
    deploy = JOBS["ci.yml:deploy"]
    for condition in (
        "github.event_name == 'push'",
        "github.ref == 'refs/heads/main'",
        "vars.DLNOTES_URL != ''",
    ):
        assert condition in deploy["if"].split(" && ")


def test_what_is_deployed_is_what_the_browser_has_opened():
    steps = JOBS["ci.yml:browser"]["steps"]
    assert [step["with"]["name"] for step in steps if "download-artifact" in step.get("uses", "")] == [
        "github-pages"
    ]
    assert {"ci.yml:browser", "ci.yml:site"} <= {f"ci.yml:{name}" for name in JOBS["ci.yml:deploy"]["needs"]}
    assert [name for name, job in JOBS.items() if "upload-pages-artifact" in str(job)] == ["ci.yml:site"]


def test_what_is_deployed_has_its_downloads():
    steps = JOBS["ci.yml:site"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make everything"]
    kept = [step["with"]["path"] for step in steps if "upload-pages-artifact" in step.get("uses", "")]
    assert kept == ["_build/everything"]
