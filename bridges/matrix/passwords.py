"""Whether somebody knows the password of an account on a homeserver.

Asks the homeserver as any client does, and lets go of the session at once. Keeps and logs nothing.
"""

import aiohttp
from nio import AsyncClient, AsyncClientConfig, LoginResponse

from linzhang.settings import Homeserver

#: Seconds that the homeserver may take.
_PATIENCE = 10.0

#: How the session is called among the account's sessions, should it be seen there.
_CALLED = "Linzhang"


class Away(Exception):
    """The homeserver does not answer, or not with yes or no."""


async def is_right(homeserver: Homeserver, user_id: str, password: str) -> bool:
    """Whether this is the account's password.

    Args:
        homeserver: The account's.
        user_id: Its full id.
        password: What somebody has typed.

    Raises:
        Away: Nobody knows.
    """
    config = AsyncClientConfig(request_timeout=_PATIENCE, max_limit_exceeded=0, max_timeouts=0)
    client = AsyncClient(homeserver.url.rstrip("/"), user_id, config=config)
    try:
        answer = await client.login(password, device_name=_CALLED)
        if not isinstance(answer, LoginResponse):
            if answer.status_code == "M_FORBIDDEN":
                return False
            raise Away(str(answer.status_code))
        await client.logout()
        return bool(answer.user_id == user_id)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Away(type(error).__name__) from error
    finally:
        await client.close()
