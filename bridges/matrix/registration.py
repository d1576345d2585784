"""What a homeserver's administrator must tell it about the service: one file for each homeserver."""

import json
import re
from typing import Any

from bridges.matrix.appservice import REGISTRATION
from linzhang.settings import Homeserver


def registration(homeserver: Homeserver, url: str) -> dict[str, Any]:
    """What the homeserver must know about the service, as its registration file says it.

    Args:
        homeserver: The tokens and names on both sides.
        url: Base URL of our application; Synapse adds '/_matrix/app/v1/…'.
    """
    server = re.escape(homeserver.server_name)
    return {
        "id": REGISTRATION,
        "url": url,
        "as_token": homeserver.as_token.get_secret_value(),
        "hs_token": homeserver.hs_token.get_secret_value(),
        # Nobody: whoever is named here may not look by itself what was said (`bridges.matrix.news`).
        "sender_localpart": f"{homeserver.ghost_prefix}registration",
        "namespaces": {
            "users": [
                {"exclusive": True, "regex": f"@{re.escape(homeserver.bot)}:{server}"},
                {"exclusive": True, "regex": f"@{re.escape(homeserver.ghost_prefix)}.*:{server}"},
            ],
            "aliases": [{"exclusive": True, "regex": f"#lz-.*:{server}"}],
            "rooms": [],
        },
        "rate_limited": False,
        # Who has read what tells which leaders have their chat open; the second name is the older one's.
        "receive_ephemeral": True,
        "de.sorunome.msc2409.push_ephemeral": True,
    }


def as_yaml(content: dict[str, Any]) -> str:
    """A registration as the file that a homeserver reads: a line for each fact."""
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in content.items())
