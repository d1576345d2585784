"""Tells the application what has become of calls and recordings, one callback after the other per call.

What is owed is part of the call, so that a restart makes up for it. It must never touch what a call
does.
"""

from demo.carrier.faults import FaultKind, Faults
from demo.carrier.records import CALLBACKS
from demo.carrier.store import Store
from demo.carrier.tasks import Tasks
from demo.carrier.voice.records import Call, Owed
from demo.carrier.webhooks import Webhooks


class Reports:
    """Makes the callbacks of calls.

    Args:
        store: Where calls are kept.
        webhooks: What callbacks are made with.
        faults: Which of them go wrong.
        tasks: What runs in the background.
    """

    def __init__(self, store: Store, webhooks: Webhooks, faults: Faults, tasks: Tasks) -> None:
        self._store = store
        self._webhooks = webhooks
        self._faults = faults
        self._tasks = tasks
        self._busy: set[str] = set()
        self._held: set[str] = set()

    def go(self, sid: str) -> None:
        """Make what is owed for a call, behind what is being made already."""
        call = self._store.calls[sid]
        if not call.owed or sid in self._busy:
            return
        if self._is_held(call):
            return
        self._busy.add(sid)
        self._tasks.spawn(self._run(sid))

    def forget(self) -> None:
        """Nothing is under way any more."""
        self._busy.clear()
        self._held.clear()

    def _is_held(self, call: Call) -> bool:
        """Whether the callbacks of a call wait for its end, to come in disorder."""
        if call.sid not in self._held and self._faults.next_of(FaultKind.CALLBACKS_REORDERED):
            self._held.add(call.sid)
        return call.sid in self._held and not call.is_over

    async def _run(self, sid: str) -> None:
        while (call := self._store.calls.get(sid)) is not None and call.owed:
            owed = call.owed[-1 if sid in self._held else 0]
            await self._make(call, owed)
            if sid in self._store.calls:
                left = list(self._store.calls[sid].owed)
                left.remove(owed)
                self._store.change_call(sid, owed=left)
        self._busy.discard(sid)

    async def _make(self, call: Call, owed: Owed) -> None:
        times = 1
        if owed.purpose in CALLBACKS:
            if self._faults.next_of(FaultKind.CALLBACKS_LOST):
                self._store.lose_callback(call.sid, owed.params.get("CallStatus", ""))
                return
            if self._faults.next_of(FaultKind.CALLBACKS_TWICE):
                times = 2
        for _ in range(times):
            answered = await self._webhooks.call(
                owed.purpose,
                owed.url,
                owed.params,
                call_sid=call.sid,
                method=owed.method,
                signature=call.signature,
            )
            if call.sid in self._store.calls:
                self._store.add_webhook(answered.attempt)
