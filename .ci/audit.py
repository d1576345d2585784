"""Looks whether an advisory is known about any package of constraints.txt: `make audit`, and in CI.

    python3 .ci/audit.py [options for pip-audit, such as --ignore-vuln PYSEC-2026-1 or -s osv]

pip-audit, in an environment of its own, asks PyPI (or OSV) about each pinned version. Exit code 0: every
package was looked up, and nothing is known. 1: something is; it is named, with the version that mends it.
3: some or all could not be looked up: that is neither good news nor bad, and never taken for a pass.
"""

import json
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".venv-audit"
TOOL = "pip-audit==2.10.1"

KNOWN, UNSEEN = 1, 3


def main(options: list[str]) -> int:
    """Look, say what was found, and return the exit code."""
    if not (HOME / "bin" / "pip-audit").exists():
        venv.create(HOME, with_pip=True)
        pip = [HOME / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", TOOL]
        if subprocess.run(pip, check=False).returncode != 0:  # noqa: S603 - fixed words
            print("NOT AUDITED: pip-audit could not be installed.", file=sys.stderr)
            return UNSEEN
    asked = [HOME / "bin" / "pip-audit", "-r", ROOT / "constraints.txt", "--no-deps", "--disable-pip"]
    how = ["--format", "json", "--progress-spinner", "off", *options]
    answer = subprocess.run([*asked, *how], capture_output=True, text=True)  # noqa: S603
    try:
        packages = json.loads(answer.stdout)["dependencies"]
    except (ValueError, KeyError):
        # What it says else is shown only here: of packages that it skips, it finds nothing wrong.
        print(answer.stderr, "NOT AUDITED: pip-audit could not ask anybody.", sep="\n", file=sys.stderr)
        return UNSEEN
    unseen = [each["name"] for each in packages if "skip_reason" in each]
    known = [(each, vuln) for each in packages for vuln in each.get("vulns", [])]
    for each, vuln in known:
        mended = ", ".join(vuln["fix_versions"]) or "no version yet"
        print(f"{each['name']} {each['version']}: {vuln['id']}, mended in {mended}")
    print(
        f"{len(packages) - len(unseen)} of {len(packages)} packages were looked up; {len(known)} advisories."
    )
    if unseen:
        print(f"NOT AUDITED: {', '.join(unseen)}", file=sys.stderr)
    return KNOWN if known else UNSEEN if unseen or not packages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
