"""Whether a webhook comes from the carrier: its signature, after Twilio's 'Webhooks security'.

The address that was signed is the one that the carrier called, so it is put together from the
configured public URL and never from what a proxy in front of us shows. This module must never read a
parameter for any other purpose.
"""

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


class Signatures:
    """Checks signatures of one account.

    Args:
        auth_token: The account's secret, which signs.
        public_url: Where the carrier reaches the application, without the path of a webhook.
    """

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url.rstrip("/")

    def fits(self, path: str, query: str, params: ImmutableMultiDict[str, str], signature: str) -> bool:
        """Whether `signature` is that of a POST request to this path.

        Args:
            path: Path of the webhook below the public URL, such as '/sms/inbound'.
            query: The query as it came, still encoded and without its question mark.
            params: The form's decoded parameters, blank and repeated ones among them.
            signature: What the request shows in `HEADER`.
        """
        url = f"{self._public_url}{path}" + (f"?{query}" if query else "")
        return bool(self._validator.validate(url, params, signature))
