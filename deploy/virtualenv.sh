#!/bin/sh
# Makes the virtual environment with every package at the version of constraints.txt.
# Usage: virtualenv.sh PYTHON FOLDER
set -eu
python=$1 folder=$2

# Debian ships Python without the module that makes virtual environments.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" != 0 ]; then
        echo "Python cannot make a virtual environment here. As root: apt-get install python3-venv" >&2
        exit 1
    fi
    apt-get update -q && apt-get install -qy --no-install-recommends python3-venv
fi

[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check \
    --constraint constraints.txt --editable '.[demo,test,lint]'
