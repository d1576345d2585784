"""Asks the carrier about our account: whether it is known, and where what comes in is brought to.

After Twilio's 'Account resource' and 'IncomingPhoneNumber resource'. Only reads, and costs nothing.
"""

from collections.abc import Sequence

from bridges.contract import Unavailable
from bridges.sms.connection import Connection, client
from bridges.sms.errors import FAILURES, explain
from linzhang.settings import Twilio

#: Where what comes in to our number must be brought: the field of the number, and our path.
_WEBHOOKS = (
    ("sms_url", "/sms/inbound", "a message comes in"),
    ("voice_url", "/voice/call", "a call comes in"),
)


class Account:
    """Our account with the carrier.

    Args:
        twilio: The account.
        public_url: Where the carrier reaches the application.
        connection: What requests go through.
    """

    def __init__(self, twilio: Twilio, *, public_url: str, connection: Connection) -> None:
        self._twilio = twilio
        self._public_url = public_url.rstrip("/")
        self._api = client(twilio, connection).api.v2010

    async def check(self) -> None:
        """Make sure that the carrier answers and lets us in.

        Raises:
            Unavailable: It does not.
        """
        try:
            account = await self._api.accounts(self._twilio.account_sid).fetch_async()
        except FAILURES as error:
            raise Unavailable(str(explain(error))) from None
        if account.status != "active":
            raise Unavailable(f"the account is {account.status}")

    async def review(self) -> Sequence[str]:
        """What about our number is not as we need it.

        Raises:
            Unavailable: The carrier cannot be asked.
        """
        numbers = self._api.accounts(self._twilio.account_sid).incoming_phone_numbers
        try:
            found = await numbers.list_async(phone_number=self._twilio.number)
        except FAILURES as error:
            raise Unavailable(str(explain(error))) from None
        if not found:
            return ["twilio.number is not one of the account's numbers: write one that is."]
        return [
            f"At the carrier, let the number's '{what}' go to POST {self._public_url}{path};"
            f" it goes to {getattr(found[0], field) or 'nowhere'}."
            for field, path, what in _WEBHOOKS
            if getattr(found[0], field) != f"{self._public_url}{path}"
        ]
