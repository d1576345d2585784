"""What can happen to one call: a status, something heard, a complaint. Each is one event of the store.

Statuses owe callbacks, which `Reports` makes. Everything that acts on a call takes a new turn, so
that an answer that comes too late is noticed. It must never decide what happens next.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from demo.carrier.records import WebhookPurpose
from demo.carrier.store import Store
from demo.carrier.voice.params import status_params
from demo.carrier.voice.records import (
    OVER,
    Call,
    CallStatus,
    CallStep,
    Heard,
    Owed,
    Problem,
)
from demo.carrier.voice.reports import Reports

_EVENTS: dict[str, str] = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
_EVENTS |= dict.fromkeys(OVER, "completed")
"""The StatusCallbackEvent that each status belongs to. 'Call resource', StatusCallbackEvent."""


class Calls:
    """All calls of one carrier, and whose turn it is on each.

    Args:
        account_sid: For callbacks.
        store: Where calls are kept.
        reports: Who makes callbacks.
    """

    def __init__(self, account_sid: str, store: Store, reports: Reports) -> None:
        self._account_sid = account_sid
        self._store = store
        self._reports = reports
        self._turns: defaultdict[str, int] = defaultdict(int)

    def __getitem__(self, sid: str) -> Call:
        """The call as it is now."""
        return self._store.calls[sid]

    def __contains__(self, sid: str) -> bool:
        """Whether there is such a call."""
        return sid in self._store.calls

    def add(self, call: Call) -> Call:
        """A call comes to be."""
        told, owed = self._callback(call)
        self._store.add_call(call.model_copy(update={"told": told, "owed": owed}))
        self._reports.go(call.sid)
        return self[call.sid]

    def turn(self, sid: str) -> int:
        """Whose turn it is."""
        return self._turns[sid]

    def is_current(self, sid: str, turn: int) -> bool:
        """Whether nobody has acted on a call since `turn`, and it still goes on."""
        return sid in self and not self[sid].is_over and self._turns[sid] == turn

    def change(self, sid: str, **changes: Any) -> Call:
        """Something is otherwise, in the course of the same turn."""
        return self._store.change_call(sid, **changes) if changes else self[sid]

    def act(self, sid: str, **changes: Any) -> Call:
        """Somebody acts on a call: what was going on before is dropped."""
        self._turns[sid] += 1
        return self._store.change_call(sid, **changes)

    def hear(self, sid: str, heard: Sequence[Heard], **changes: Any) -> Call:
        """The phone hears or does something."""
        if heard:
            changes["heard"] = [*self[sid].heard, *heard]
        return self.change(sid, **changes)

    def complain(self, sid: str, problems: Sequence[Problem], **changes: Any) -> Call:
        """Something is wrong with what the application answered."""
        if problems:
            changes["problems"] = [*self[sid].problems, *problems]
        return self.change(sid, **changes)

    def step(self, sid: str, status: CallStatus, owed: Sequence[Owed] = (), **changes: Any) -> Call:
        """A call gets another status, which is the end of every turn if it is over.

        Args:
            sid: The call's.
            status: What it becomes.
            owed: What the application is told before the status.
            **changes: What else is otherwise from now on.
        """
        call = self[sid]
        if status in OVER:
            changes |= {"waiting": None, "wanted": None}
            self._turns[sid] += 1
        changes["history"] = [*call.history, CallStep(status=status, at=self._store.now())]
        changes["told"], callback = self._callback(call.model_copy(update=changes))
        changed = self.change(sid, owed=[*call.owed, *owed, *callback], **changes)
        self._reports.go(sid)
        return changed

    def owe(self, sid: str, owed: Sequence[Owed]) -> None:
        """The application is to be told something."""
        if owed:
            self.change(sid, owed=[*self[sid].owed, *owed])
            self._reports.go(sid)

    def _callback(self, call: Call) -> tuple[int, list[Owed]]:
        """How many callbacks there are with that of the status that a call has just got, and that one."""
        if call.status_callback is None or _EVENTS.get(call.status) not in call.status_events:
            return call.told, []
        callback = Owed(
            purpose=WebhookPurpose.CALL_STATUS,
            url=call.status_callback,
            method=call.status_method,
            params=status_params(self._account_sid, call, call.told),
        )
        return call.told + 1, [callback]
