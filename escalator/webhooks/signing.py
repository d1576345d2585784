"""How a delivery is signed: by Standard Webhooks (https://www.standardwebhooks.com), version 1.

webhook-signature: v1,base64(HMAC-SHA256(secret, "{webhook-id}.{webhook-timestamp}.{body}"))
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

#: A secret begins so; behind it stand the key's bytes as base64.
PREFIX: Final = "whsec_"

_BYTES = 32


def new_secret() -> str:
    """A secret that nobody has had."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(secret: str, name: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a delivery.

    Args:
        secret: The target's.
        name: Of the delivery; the same however often it is sent.
        at: Machine time.
        body: What is sent.
    """
    seconds = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    said = b".".join((name.encode(), seconds.encode(), body))
    proof = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return {"webhook-id": name, "webhook-timestamp": seconds, "webhook-signature": f"v1,{proof}"}
