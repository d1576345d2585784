"""What the webhook of an incoming message carries.

After 'Twilio's request to your incoming message Webhook URL' and 'WhatsApp API overview'. City, state
and zip are empty as they are for numbers outside North America. It must never send anything.
"""

from collections.abc import Sequence

from demo.carrier import optout
from demo.carrier.config import CarrierConfig, OptOutMode
from demo.carrier.delivery import API_VERSION
from demo.carrier.numbers import country_of
from demo.carrier.records import Media, Message
from demo.carrier.segments import segment


def inbound_params(
    config: CarrierConfig, message: Message, media: Sequence[Media], opt_out: OptOutMode
) -> dict[str, str]:
    """What the application is told of a message.

    Args:
        config: Whose numbers these are.
        message: The message.
        media: What is attached.
        opt_out: Who answers STOP, START and HELP.
    """
    params = {
        "SmsMessageSid": message.sid,
        "NumMedia": str(len(media)),
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "Body": message.body,
        "To": message.recipient,
        "NumSegments": str(1 if media or message.channel == "whatsapp" else segment(message.body).segments),
        "MessageSid": message.sid,
        "AccountSid": config.account_sid,
        "From": str(message.sender),
        "ApiVersion": API_VERSION,
    }
    params |= _of_whatsapp(message, media) if message.channel == "whatsapp" else _of_sms(message, opt_out)
    if message.service_sid is not None:
        params["MessagingServiceSid"] = message.service_sid
    for index, medium in enumerate(media):
        params[f"MediaContentType{index}"] = medium.content_type
        params[f"MediaUrl{index}"] = config.public_url + media_path(
            config.account_sid, message.sid, medium.sid
        )
    return params


def media_path(account_sid: str, message_sid: str, media_sid: str) -> str:
    """Where the bytes of a medium are, with basic authentication."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message_sid}/Media/{media_sid}"


def _of_sms(message: Message, opt_out: OptOutMode) -> dict[str, str]:
    params = {f"{end}{part}": "" for end in ("To", "From") for part in ("City", "State", "Zip")}
    params |= {"ToCountry": country_of(message.recipient), "FromCountry": country_of(message.phone)}
    kind = optout.classify(message.body) if opt_out is OptOutMode.ADVANCED else None
    return params if kind is None else params | {"OptOutType": kind}


def _of_whatsapp(message: Message, media: Sequence[Media]) -> dict[str, str]:
    kind = media[0].content_type.partition("/")[0] if media else "text"
    return {
        "ProfileName": message.profile_name or "",
        "WaId": message.phone.removeprefix("+"),
        "MessageType": kind if kind in ("text", "image", "audio", "video") else "document",
        "ReferralNumMedia": "0",
    }
