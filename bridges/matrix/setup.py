"""Looks whether a homeserver knows us as its registration file should say it.

Nobody can ask for that file; but each of its facts shows in what the homeserver does.
"""

from collections.abc import Sequence

from bridges.contract import DeliveryError
from bridges.matrix.appservice import AppService
from bridges.matrix.connection import Denied

#: A ghost of nobody: no person has this id.
_NOBODY = 0


async def review(service: AppService) -> Sequence[tuple[str, str]]:
    """What is not as it must be, each with what to do about it.

    Raises:
        DeliveryError: The homeserver cannot be asked.
    """
    homeserver = service.homeserver
    again = (
        f"Give it the file of `linzhang homeserver registration {homeserver.server_name}` again,"
        " and start it anew."
    )
    found: list[tuple[str, str]] = []
    try:
        await service.ping()
    except Denied as denied:
        return [(f"our token may not act for {homeserver.bot_id} ({denied.errcode})", again)]
    try:
        await service.ensure_ghost(homeserver.ghost_id(_NOBODY), "Linzhang")
    except Denied as denied:
        found.append((f"our users' names are not ours there ({denied.errcode})", again))
    try:
        await service.since(await service.position())
    except DeliveryError as error:
        found.append((f"what it forgets to tell cannot be looked up ({error})", again))
    try:
        await service.catch_up()
    except Denied as denied:
        found.append(_not_reached(denied, again))
    except DeliveryError as error:
        found.append((f"whether it reaches us could not be asked ({error})", "Run this again."))
    return found


def _not_reached(denied: Denied, again: str) -> tuple[str, str]:
    """Why a ping does not come back to us; after 'POST /_matrix/client/v1/appservice/{id}/ping'."""
    if denied.errcode == "M_URL_NOT_SET":
        return "it has no address of ours", again
    if denied.errcode == "M_BAD_STATUS":
        todo = f"Its hs_token must be ours, and `python -m web` run behind the address that it has. {again}"
        return "it reaches something that does not take its word", todo
    if denied.errcode in ("M_CONNECTION_FAILED", "M_CONNECTION_TIMEOUT"):
        todo = "Start `python -m web`; the homeserver's machine must reach public_url."
        return f"it cannot reach us ({denied.errcode})", todo
    return f"it does not take pings ({denied.errcode})", again
