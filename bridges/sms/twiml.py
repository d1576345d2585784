"""What a call can do, in the carrier's language: TwiML, after Twilio's 'TwiML for Programmable Voice'.

Pure: steps go in, a document comes out. It must never hold an address of ours but the public one, nor let
a word from outside become anything but words.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from twilio.twiml.voice_response import Dial, VoiceResponse
from twilio.twiml.voice_response import Gather as GatherVerb

from bridges.calls import Connect, Gather, Hangup, Record, Say, Step

#: The carrier's names for languages and the voices that speak them, by tag or by its first part. 'TwiML
#: Voice: Say', languages and voices; without a voice here the carrier takes one of its own.
_VOICES: dict[str, tuple[str, str | None]] = {
    "zh": ("cmn-CN", "Polly.Zhiyu-Neural"),
    "zh-Hant": ("cmn-TW", None),
    "yue": ("yue-HK", None),
    "en": ("en-US", "Polly.Joanna-Neural"),
    "es": ("es-MX", None),
    "fr": ("fr-FR", None),
    "id": ("id-ID", None),
    "ms": ("ms-MY", None),
    "pt": ("pt-BR", None),
    "vi": ("vi-VN", None),
}

#: Old people listen: a little slower than the voice would.
_RATE = "90%"

#: Seconds of silence after which a caller has pressed no key, or has finished speaking.
_KEY_PATIENCE, _SPEECH_PATIENCE = 7, 8

#: Characters of one <Say>: Twilio's 'Error 13521' names 4,096, of which some are its own marks.
_SAY_LIMIT = 3000

#: Four digits and more are a name, not an amount: 'one zero two four'.
_NUMBER = re.compile(r"\d{4,}")

#: What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(
    steps: Sequence[Step], *, number: str, address: Callable[[str], str], recording_url: str
) -> bytes:
    """A document that does these steps.

    Args:
        steps: One after the other.
        number: Our own number, which those see who are called.
        address: The whole address at which a place of the conversation is asked for.
        recording_url: Where the carrier tells that a recording can be fetched.
    """
    response = VoiceResponse()
    for step in steps:
        match step:
            case Say():
                _say(response, step)
            case Gather():
                response.append(_gather(step, address(step.then)))
            case Record():
                response.record(
                    action=address(step.then),
                    max_length=step.seconds,
                    timeout=_SPEECH_PATIENCE,
                    finish_on_key="1234567890*#",
                    recording_status_callback=recording_url,
                    recording_status_callback_event="completed",
                )
            case Connect():
                dial = Dial(caller_id=number, timeout=step.seconds, action=address(step.then))
                dial.number(step.address, url=address(step.ask))
                response.append(dial)
            case Hangup():
                response.hangup()
    return str(response).encode()


def _gather(step: Gather, action: str) -> GatherVerb:
    # Where one key is waited for, # and * are keys as all others.
    ends = {"num_digits": step.digits, "finish_on_key": ""} if step.digits else {"finish_on_key": "#"}
    gather = GatherVerb(input="dtmf", action=action, timeout=_KEY_PATIENCE, **ends)
    for prompt in step.prompts:
        _say(gather, prompt)
    return gather


def _say(parent: VoiceResponse | GatherVerb, step: Say) -> None:
    language, voice = _VOICES.get(step.language) or _VOICES.get(step.language.split("-")[0]) or _VOICES["en"]
    for words in _pieces(spoken(step.text)):
        parent.say(language=language, voice=voice).prosody(words, rate=_RATE)


def spoken(text: str) -> str:
    """A text as it is read aloud: long numbers digit by digit, and nothing that no document can hold."""
    clean = " ".join(_NO_XML.sub("", text).split())
    return _NUMBER.sub(lambda found: " ".join(found.group()), clean)


def _pieces(text: str) -> Iterator[str]:
    """Parts of a text that fit into a <Say>; a blank one would be an error there."""
    for start in range(0, len(text), _SAY_LIMIT):
        piece = text[start : start + _SAY_LIMIT].strip()
        if piece:
            yield piece
