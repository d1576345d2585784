"""The duty line's switchboard: which conversation a turn belongs to, and that nobody hears silence.

Implements `bridges.calls.Switchboard`.
"""

import logging
from datetime import datetime

from tortoise.exceptions import BaseORMException

from bridges.calls import Call, Gather, Hangup, Happened, Say, Turn
from issues import spoken
from issues.telephone.incoming import Incoming
from issues.telephone.outgoing import Answer, Outgoing
from issues.telephone.people import on_the_line
from issues.telephone.places import Place, Spot, read
from linzhang.settings import Settings
from linzhang.words import say, written_in
from models import Outbox

log = logging.getLogger(__name__)


class DutyLine:
    """Says how calls go on.

    Args:
        settings: The service's.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def answer(self, call: Call) -> Turn:
        """How a call goes on; see `bridges.calls.Switchboard.answer`."""
        place = read(call.place)
        try:
            if place and place.spot in (Spot.ASK, Spot.ASKED):
                return _ask(place)
            at = self._settings.clock.now()
            if call.key:
                return await self._placed(call, place, at)
            return await self._received(call, place, at)
        except (BaseORMException, OSError) as error:
            # The carrier's own announcement would be in English, and end the call without a word of when.
            log.error("call %s: nobody could say how it goes on: %s", call.external_id, type(error).__name__)
            language = place.language if place else self._settings.territory.default_language
            return Turn([Say(say(spoken.SORRY, language), written_in(language)), Hangup()])

    async def _received(self, call: Call, place: Place | None, at: datetime) -> Turn:
        caller = await on_the_line(self._settings, call, place.language if place else "", at)
        incoming = Incoming(self._settings, call, caller, at)
        if call.happened is Happened.RECORDED:
            return await incoming.spoken_to()
        match place:
            case Place(Spot.MENU) if call.happened is Happened.PRESSED:
                return await incoming.chosen()
            case Place(Spot.CODE, count=count) if call.happened is Happened.PRESSED:
                return await incoming.typed(count)
            case Place(Spot.STATE, count=issue_id) if call.happened is Happened.PRESSED:
                return await incoming.judged(issue_id)
            case Place(Spot.TALK, count=count):
                return await incoming.talked(count)
        return await incoming.greet()

    async def _placed(self, call: Call, place: Place | None, at: datetime) -> Turn:
        row = await Outbox.get_or_none(key=call.key).select_related("address__person", "issue")
        if row is None or row.address is None:
            return Turn([Hangup()])  # it was erased meanwhile: there is nothing to say
        outgoing = Outgoing(self._settings, call, row, at)
        match place:
            case Place(Spot.WORDS, count=count) if call.happened is Happened.PRESSED and count in set(Answer):
                return await outgoing.pressed(Answer(count))
            case Place(Spot.HOME) if call.happened is not Happened.BEGAN:
                return await outgoing.said_where()
        return await outgoing.picked_up()


def _ask(place: Place) -> Turn:
    """A leader has picked up a caller's call: an answering machine must not be taken for them."""
    if place.spot is Spot.ASKED:
        return Turn([])
    words = [Say(say(spoken.FOR_A_TALK, place.language), written_in(place.language))]
    gather = Gather(words, str(Place(Spot.ASKED, place.language)))
    return Turn([gather, gather, Hangup()])
