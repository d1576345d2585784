"""Twilio's error codes: those a REST request is refused with, and those a message dies of.

One table each, with the wording of Twilio's 'Error and Warning Dictionary'. It must never invent a
code; what Twilio has no code for is an `UnsupportedParameter`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """How Twilio refuses: the HTTP status and the sentence that goes with a code."""

    status: int
    message: str


REFUSALS: dict[int, Refusal] = {
    20003: Refusal(401, "Authenticate"),
    20004: Refusal(405, "Method not allowed"),
    20009: Refusal(409, "Cannot delete or redact message because it is not complete"),
    20404: Refusal(404, "The requested resource {} was not found"),
    20429: Refusal(429, "Too Many Requests"),
    20500: Refusal(500, "An internal server error has occurred"),
    20503: Refusal(503, "Service Unavailable"),
    21201: Refusal(400, "No 'To' number is specified"),
    21205: Refusal(400, "Url is not a valid URL: {}"),
    21206: Refusal(400, "SendDigits is not valid: {}"),
    21208: Refusal(400, "Timeout is not valid: {}"),
    21209: Refusal(400, "HTTP method is not valid: {}"),
    21210: Refusal(
        400,
        "The source phone number provided, {}, is not yet verified for your account. You may only make"
        " calls from phone numbers that you've verified or purchased from Twilio.",
    ),
    21211: Refusal(400, "Invalid 'To' Phone Number: {}"),
    21212: Refusal(400, "Invalid From Number (caller ID): {}"),
    21213: Refusal(400, "Caller phone number is required"),
    21214: Refusal(400, "The phone number you are attempting to call, {}, cannot be reached."),
    21215: Refusal(
        400,
        "Account not authorized to call {}. Perhaps you need to enable some international permissions",
    ),
    21216: Refusal(400, "Account not allowed to call {}"),
    21217: Refusal(400, "Phone number {} does not appear to be valid"),
    21219: Refusal(400, "The number {} is unverified."),
    21220: Refusal(400, "Call is not in-progress. Cannot redirect."),
    21234: Refusal(400, "MachineDetection is not valid: {}"),
    21266: Refusal(400, "'To' and 'From' number cannot be the same: {}"),
    21602: Refusal(400, "Message body is required."),
    21603: Refusal(400, "A 'From' phone number is required."),
    21604: Refusal(400, "A 'To' phone number is required."),
    21606: Refusal(
        400,
        "The 'From' phone number provided ({}) is not a valid message-capable Twilio phone number"
        " for this destination/account",
    ),
    21609: Refusal(400, "The 'StatusCallback' URL {} is not a valid URL."),
    21610: Refusal(400, "Attempt to send to unsubscribed recipient"),
    21617: Refusal(400, "The concatenated message body exceeds the 1600 character limit"),
    21620: Refusal(400, "Invalid media URL(s): {}"),
    21623: Refusal(400, "Number of media files exceeds allowed limit"),
    21626: Refusal(400, "Invalid 'StatusCallbackEvent': {}"),
    21635: Refusal(400, "'To' number cannot be a landline: {}"),
    21701: Refusal(404, "The Messaging Service {} does not exist"),
    21655: Refusal(400, "The ContentSid {} is invalid"),
    21656: Refusal(400, "The ContentVariables parameter is invalid"),
    21910: Refusal(400, "Invalid From and To pair. From and To should be of the same channel"),
    63007: Refusal(400, "Twilio could not find a Channel with the specified From address"),
    63031: Refusal(400, "Channels message cannot have same From and To"),
    30409: Refusal(409, "Message is not in a state that can be canceled"),
}
"""Every refusal of the REST API; '{}' stands for the value that was wrong."""

OF_CALLS = frozenset(
    {21201, 21205, 21206, 21208, 21209, 21210, 21213, 21214, 21215, 21216, 21217, 21219, 21220, 21234, 21626}
)
"""Refusals that only calls know; a phone with one of them as its behaviour takes texts as ever."""

DELIVERY_ERRORS: dict[int, str] = {
    11200: "HTTP retrieval failure",
    11751: "Media exceeds messaging provider size limit",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30009: "Missing inbound segment",
    30010: "Message price exceeds max price",
    63003: "Channel could not find To address",
    63005: "Channel did not accept given content",
    63010: "Twilio's platform encountered an internal error processing this message",
    63013: "Channel policy violation",
    63016: "Failed to send freeform message because you are outside the allowed window",
    63018: "Rate limit exceeded for Channel",
    63024: "Invalid message recipient",
    63032: "We cannot send this message to this user because of a WhatsApp limitation",
    63033: "Recipient blocked to receive message",
    63038: "Account exceeded the daily messages limit",
}
"""What stands in `error_message` of a message that did not arrive."""

NEVER_SENT = frozenset({11200, 11751, 30001, 30002, 30010})
"""Codes that stop a message before it reaches a network: its status is 'failed', not 'undelivered'.

After 'Message status values': queue overflow, suspended account, media errors.
"""


class CarrierError(Exception):
    """A REST request that is refused with one of Twilio's codes.

    Attributes:
        code: A key of `REFUSALS`.
        subject: The value that was wrong, for the sentence.
        retry_after: Seconds that a client is asked to wait, for 20429; 0 asks nothing.
    """

    def __init__(self, code: int, subject: str = "", *, retry_after: int = 0) -> None:
        super().__init__(code, subject)
        self.code = code
        self.subject = subject
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return REFUSALS[self.code].status

    def headers(self) -> dict[str, str]:
        """The headers that go with the status."""
        if self.status == 401:
            return {"WWW-Authenticate": 'Basic realm="Twilio API"'}
        if self.retry_after:
            return {"Retry-After": str(self.retry_after)}
        return {}

    def body(self) -> dict[str, object]:
        """The JSON that Twilio answers with."""
        return {
            "code": self.code,
            "message": REFUSALS[self.code].message.format(self.subject),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


class UnsupportedParameter(Exception):
    """A parameter that Twilio knows and this carrier does not imitate: better refused than ignored.

    Attributes:
        name: The parameter.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def body(self) -> dict[str, object]:
        """A body of Twilio's shape with an HTTP status that Twilio does not use here: 501."""
        return {
            "code": 501,
            "message": f"This carrier does not imitate the parameter {self.name!r}",
            "more_info": "",
            "status": 501,
        }
