"""Twilio's REST API for the account and its numbers, read only.

After Twilio's 'Account resource' and 'IncomingPhoneNumber resource'.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from demo.carrier.delivery import API_VERSION
from demo.carrier.exchange import Exchange
from demo.carrier.paging import page
from demo.carrier.rest import PREFIX, Authenticated

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Owned:
    """One of the account's numbers."""

    number: str

    @property
    def sid(self) -> str:
        """What the API calls it."""
        return f"PN{self.number.removeprefix('+'):0>32}"


@router.get(f"{PREFIX}.json")
async def fetch_account(exchange: Authenticated) -> JSONResponse:
    """Fetch the account."""
    account = exchange.config.account_sid
    return JSONResponse(
        {
            "sid": account,
            "friendly_name": "Linzhang's tests",
            "status": "active",
            "type": "Full",
            "owner_account_sid": account,
            "uri": f"/{API_VERSION}/Accounts/{account}.json",
        }
    )


@router.get(f"{PREFIX}/IncomingPhoneNumbers.json")
async def list_numbers(exchange: Authenticated, request: Request) -> JSONResponse:
    """List the account's numbers. 'IncomingPhoneNumber resource': Read multiple."""
    query = dict(request.query_params)
    owned = [Owned(number) for number in exchange.config.numbers]
    found = [each for each in owned if query.get("PhoneNumber", "") in each.number]
    path = f"/{API_VERSION}/Accounts/{exchange.config.account_sid}/IncomingPhoneNumbers.json"
    order = {each.sid: each for each in owned}
    return JSONResponse(
        page(
            path,
            "incoming_phone_numbers",
            found,
            order,
            query,
            ("PhoneNumber",),
            lambda each: number_json(exchange, each),
        )
    )


def number_json(exchange: Exchange, owned: Owned) -> dict[str, object]:
    """A number as Twilio shows it."""
    settings = exchange.settings
    return {
        "sid": owned.sid,
        "account_sid": exchange.config.account_sid,
        "phone_number": owned.number,
        "sms_url": settings.sms_url or "",
        "sms_method": "POST",
        "voice_url": settings.voice_url or "",
        "voice_method": "POST",
    }
