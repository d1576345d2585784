#!/bin/sh
# Makes sure that there is a Chromium with Chinese letters for the browser tests.
set -eu
command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi 'cjk' && exit 0
if [ "$(id -u)" != 0 ]; then
    echo "The browser tests need Chromium. As root: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji" >&2
    exit 1
fi
apt-get update -q
apt-get install -qy --no-install-recommends chromium fontconfig fonts-noto-cjk fonts-noto-color-emoji
