"""Texts as the carrier brings them: its signed webhooks, without the carrier.

The client is as cheap as one in Python can be: on a machine of two processors whatever it takes is taken from
what is measured.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator

from demo.stack import Stack

#: A webhook: its body, and its headers.
Webhook = tuple[bytes, Mapping[str, str]]


class Texts:
    """What phones send to a stack's application.

    Args:
        stack: Whose.
    """

    def __init__(self, stack: Stack) -> None:
        twilio = stack.settings.twilio
        assert twilio is not None
        self._account_sid, self._number = twilio.account_sid, twilio.number
        self._url = f"{stack.settings.public_url}/sms/inbound"
        self._validator = RequestValidator(twilio.auth_token.get_secret_value())
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    def written(self, sid: int, phone: str, body: str) -> Webhook:
        """A text, signed; its number makes its id."""
        form = {
            "MessageSid": f"SM{sid:032x}",
            "AccountSid": self._account_sid,
            "From": phone,
            "To": self._number,
            "Body": body,
            "NumMedia": "0",
        }
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(self._url, form),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return urlencode(form).encode(), headers

    async def bring(self, webhook: Webhook) -> None:
        """Bring one; returns when it is accepted.

        Raises:
            aiohttp.ClientError: It was not.
        """
        body, headers = webhook
        async with self._http.post(self._url, data=body, headers=headers) as answer:
            answer.raise_for_status()
            await answer.read()
