"""The connection to the Bot API, and what its errors mean for the outbox.

The token stands in every URL: so nothing that aiogram or aiohttp says goes into an error or a log.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from aiogram import Bot, exceptions
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientConnectorError, ClientError, ClientResponseError

from bridges.contract import DeliveryError, Refused, TooLarge, Unavailable, Uncertain
from linzhang.settings import Telegram

#: What aiogram raises when a call did not succeed.
FAILURES = (exceptions.AiogramError, ClientError, TimeoutError)


class Connection:
    """Calls the Bot API as one bot.

    Args:
        telegram: The bot.
        timeout: Seconds after which a request is given up.
    """

    def __init__(self, telegram: Telegram, timeout: float) -> None:
        self._timeout = timeout
        self._session = AiohttpSession(
            api=TelegramAPIServer.from_base(telegram.api_url.rstrip("/")), timeout=timeout
        )
        self.bot = Bot(telegram.token.get_secret_value(), session=self._session)

    async def download(self, file_id: str, limit: int) -> bytes:
        """What Telegram keeps under an id.

        Raises:
            TooLarge: It has more bytes than `limit`, or than Telegram gives to bots (20 MB).
            Refused: There is none.
            Unavailable: It could not be had now.
        """
        with explained(reading=True):
            try:
                file = await self.bot.get_file(file_id)
            except exceptions.TelegramBadRequest as error:
                if "too big" in error.message:
                    raise TooLarge("the file is larger than bots are given") from None
                raise
            if (file.file_size or 0) > limit:
                raise TooLarge("the file is too large")
            url = self._session.api.file_url(self.bot.token, file.file_path or "")
            content = bytearray()
            async for chunk in self._session.stream_content(url, timeout=int(self._timeout)):
                content += chunk
                if len(content) > limit:
                    raise TooLarge("the file is too large")
            return bytes(content)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._session.close()


@contextmanager
def explained(*, reading: bool = False) -> Iterator[None]:
    """Turn what a call raises into the errors of the contract.

    Args:
        reading: Whether the call changes nothing, so that it can always be made again.

    Raises:
        Refused: Telegram will never do it.
        Unavailable: It was certainly not done.
        Uncertain: Nobody knows whether it was done.
    """
    try:
        yield
    except FAILURES as error:
        found = _explain(error)
        if reading and isinstance(found, Uncertain):
            found = Unavailable(str(found), found.code)
        # The chain is cut: a trace would show the URL, and with it the token.
        raise found from None


def _explain(error: BaseException) -> DeliveryError:
    match error:
        case exceptions.TelegramRetryAfter():
            return Unavailable("Telegram asks to wait", 429, float(error.retry_after))
        case exceptions.TelegramForbiddenError():
            return Refused("the person has blocked the bot, or never spoken with it", 403)
        case exceptions.TelegramUnauthorizedError() | exceptions.TelegramNotFound():
            # The token is wrong or was taken back: an operator can mend that.
            return Unavailable("Telegram does not know the bot's token", 401)
        case exceptions.TelegramMigrateToChat():
            return Refused("the group has become another one", 400)
        case exceptions.TelegramEntityTooLarge():
            return TooLarge("Telegram takes nothing so large", 413)
        case exceptions.TelegramBadRequest():
            return Refused("Telegram does not take it", 400)
        case exceptions.RestartingTelegram():
            return Unavailable("Telegram is being restarted", 500)
        case exceptions.TelegramServerError():
            return Uncertain("Telegram has failed", 500)
        case exceptions.TelegramNetworkError():
            return _cut_off(error.__cause__)
        case ClientResponseError():
            return Unavailable("the file is not given out", error.status)
        case exceptions.ClientDecodeError():
            return Uncertain("Telegram's answer cannot be read")
        case exceptions.TelegramAPIError():
            return Refused("Telegram does not take it")
    return _cut_off(error)


def _cut_off(cause: BaseException | None) -> DeliveryError:
    if isinstance(cause, ClientConnectorError):
        return Unavailable("Telegram cannot be reached")
    return Uncertain("the connection to Telegram was cut")
