"""What is in deploy/: as whole as it can be known without starting a container.

Kubernetes' own schemas and systemd's own `verify` look at it; and whatever it names of ours (settings,
commands, routes, files) must be there.
"""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import kubernetes_validate
import pytest
import yaml  # type: ignore[import-untyped]  # it has no types of its own
from pydantic import SecretStr
from typer.main import get_command

from cli.main import app as command
from linzhang.settings import Settings
from web.app import create_app

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

#: Settings that hold a secret, or tables with secrets.
SECRET = {
    "DATABASE_URL",
    "SEAL_KEYS",
    "LOOKUP_KEY",
    "HOMESERVERS",
    "TWILIO",
    "METRICS_TOKEN",
    "WECOM",
    "TELEGRAM",
    "EMAIL",
    "OIDC",
    "BRIDGES",
}


def check_setting(name: str) -> None:
    """Make sure that an environment variable of ours is one that the service reads."""
    if name.startswith("LINZHANG_") and name != "LINZHANG_HOST":  # that one is the proxy's
        assert name.removeprefix("LINZHANG_").lower() in Settings.model_fields, name


def check_command(words: list[str]) -> None:
    """Make sure that what is started is there."""
    if words[0] == "linzhang":
        assert words[1] in get_command(command).commands  # type: ignore[attr-defined]  # it is a group
    else:
        assert words[:2] == ["python", "-m"], words
        assert importlib.util.find_spec(f"{words[2]}.__main__"), words


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        for each in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            yield path.name, each


def test_kubernetes_takes_every_manifest() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text(encoding="utf-8"))
    names = {name for name, _ in manifests()}
    assert {*listed["resources"], "kustomization.yaml", "secret.example.yaml"} == names
    for name, each in manifests():
        if name != "kustomization.yaml":
            kubernetes_validate.validate(each, "1.34", strict=True)


async def test_kubernetes_asks_for_what_the_application_answers(settings: Settings) -> None:
    app = create_app(settings)
    web = next(each for _, each in manifests() if each["kind"] == "Deployment")
    (container,) = web["spec"]["template"]["spec"]["containers"]
    probes = [each for name, each in container.items() if name.endswith("Probe")]
    assert len(probes) == 3
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    async with app.router.lifespan_context(app), http:
        for probe in probes:
            assert (await http.get(probe["httpGet"]["path"])).status_code != 404


def test_kubernetes_runs_what_there_is_and_takes_secrets_by_reference() -> None:
    found = {
        (each["kind"], each["metadata"]["name"]): each for name, each in manifests() if "metadata" in each
    }
    for name in found["ConfigMap", "linzhang"]["data"]:
        check_setting(name)
        assert name.removeprefix("LINZHANG_") not in SECRET, "that belongs into the secret"
    for name in found["Secret", "linzhang"]["stringData"]:
        check_setting(name)
        assert name.removeprefix("LINZHANG_") in SECRET
    for role in ("web", "worker"):
        deployment = found["Deployment", f"linzhang-{role}"]["spec"]
        assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
        (container,) = deployment["template"]["spec"]["containers"]
        check_command(container["command"])
        assert {"secretRef": {"name": "linzhang"}} in container["envFrom"]
        assert "env" not in container
        assert container["resources"]["limits"]["memory"]
        scaler = found["HorizontalPodAutoscaler", f"linzhang-{role}"]["spec"]
        assert scaler["scaleTargetRef"]["name"] == f"linzhang-{role}"
        assert scaler["minReplicas"] >= 2, "one of them may be exchanged at any time"
    (migrating,) = found["Job", "linzhang-migrate"]["spec"]["template"]["spec"]["containers"]
    check_command(migrating["command"])
    alive = found["ConfigMap", "linzhang"]["data"]["LINZHANG_ALIVE_FILE"]
    worker = found["Deployment", "linzhang-worker"]["spec"]["template"]["spec"]["containers"][0]
    assert alive in worker["livenessProbe"]["exec"]["command"][-1]


def test_compose_starts_what_there_is_after_what_it_needs() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert (DEPLOY / services["web"]["build"]["dockerfile"]).parent.name == "deploy"
    for name, service in services.items():
        assert not service["image"].endswith(":latest")
        assert ":" in service["image"], "no version is named"
        for needed, how in service.get("depends_on", {}).items():
            ends = how["condition"] == "service_completed_successfully"
            assert ends or "healthcheck" in services[needed], f"nobody knows when {needed} is there"
        for variable in service.get("environment", {}):
            check_setting(variable)
        if service["image"].startswith("linzhang:"):
            check_command(service["command"])
            assert service["env_file"] == ["linzhang.env"]
        assert ("ports" in service) is (name == "proxy"), "only the proxy can be reached"
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists()
    for role in ("web", "worker"):
        assert services[role]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    for line in (DEPLOY / "linzhang.env.example").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            check_setting(line.split("=")[0])


def test_the_image_has_all_that_the_service_imports() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    copied = {each for line in words if line[0] == "COPY" for each in line[1:-1]}
    assert all((ROOT / each).exists() for each in copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {each.rstrip("*") for each in packages["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert wanted - {"demo", "chaos"} <= copied, "the demo and its chaos are for other machines"
    assert {"locale", "profiles"} <= copied
    (image,) = [line[1] for line in words if line[0] == "FROM"]
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-[\w-]+", image)
    users = [line[1] for line in words if line[0] == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    (last,) = [line for line in lines if line.startswith("CMD")]
    check_command(yaml.safe_load(last.removeprefix("CMD")))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    ours = Path(sys.executable).parent  # where the service is, as far as systemd is asked
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/linzhang/.venv/bin", str(ours))
        (tmp_path / path.name.replace("@.", "@8081.")).write_text(text, encoding="utf-8")
    units = sorted(path.name for path in tmp_path.iterdir())
    looked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit) for unit in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in looked.stderr.splitlines() if "linzhang" in line]
    assert (looked.returncode, about_ours) == (0, []), looked.stderr


def test_systemd_starts_what_there_is() -> None:
    for path in sorted((DEPLOY / "systemd").glob("*.service")):
        text = path.read_text(encoding="utf-8")
        for started in re.findall(r"/opt/linzhang/\.venv/bin/(\w+(?: [\w-]+)*)", text):
            check_command(started.split())
        assert "\nUser=linzhang\n" in text
        assert "\nNoNewPrivileges=yes\n" in text


def test_secrets_are_what_the_settings_call_so() -> None:
    """Whoever adds a setting that is a secret says here that it belongs into no ConfigMap."""
    plain = {
        name.upper() for name, each in Settings.model_fields.items() if SecretStr in _parts(each.annotation)
    }
    assert plain <= SECRET


def _parts(annotation: object) -> set[object]:
    found = {annotation}
    for each in getattr(annotation, "__args__", ()):
        found |= _parts(each)
    return found
