"""The command that brings people of another network into a unit's room."""

from collections.abc import Sequence

from issues import texts
from issues.effects import Effects
from rooms import bridged
from rooms.commands.call import Call, Misused
from rooms.commands.table import command

#: Words that take a bridge away.
_OFF = ("off", "stop", "取消", "断开", "关闭")


@command("bridge 桥接 接通", form=texts.FORM_BRIDGE, about=texts.HELP_BRIDGE)
async def bridge(call: Call) -> Sequence[Effects]:
    """What the room is bridged to; or bridge it, or take that away."""
    heard = call.heard
    words = call.words.split()
    if not words:
        await bridged.may(heard)
        return [heard.retort_words(await bridged.overview(heard))]
    if words[0].lower() in _OFF:
        network = heard.settings.network(words[1] if len(words) > 1 else "")
        if network is None:
            raise Misused(texts.WRITE_IT_SO, form=texts.FORM_BRIDGE_OFF)
        return [await bridged.end(heard, network)]
    network, channel = heard.settings.network(words[0]), " ".join(words[1:])
    if network is None:
        await bridged.may(heard)
        return [heard.retort_words(await bridged.overview(heard))]
    if not network.can_have(channel):
        raise Misused(texts.BRIDGE_CHANNEL, network=network.name, channel=channel, form=call.form)
    return [await bridged.begin(heard, network, channel)]
