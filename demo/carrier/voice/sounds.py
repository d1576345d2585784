"""The two formats in which Twilio has every recording, made from the one that the phone sent.

After 'Recordings resource' (fetch a recording's media file): WAV with 128 kbit/s, MP3 with 32 kbit/s.
It must never touch a sound that is asked for as it was sent.
"""

import io
from dataclasses import dataclass

import av


class NoSound(Exception):
    """What the phone sent cannot be played."""


@dataclass(frozen=True)
class Format:
    """One way to write a sound.

    Attributes:
        sent_as: What a phone calls it.
        content_type: What an answer calls it.
        codec: The encoder.
        samples: How a sample is written.
        rate: Samples a second.
        bits: Bits a second.
    """

    sent_as: str
    content_type: str
    codec: str
    samples: str
    rate: int
    bits: int


FORMATS = {
    "wav": Format("audio/wav", "audio/x-wav", "pcm_s16le", "s16", 8_000, 128_000),
    "mp3": Format("audio/mpeg", "audio/mpeg", "libmp3lame", "s16p", 22_050, 32_000),
}
"""By the ending of an address."""


def convert(content: bytes, ending: str) -> bytes:
    """A sound in another format.

    Raises:
        NoSound: It is none.
    """
    wanted = FORMATS[ending]
    written = io.BytesIO()
    try:
        with av.open(io.BytesIO(content), "r") as source, av.open(written, "w", format=ending) as target:
            stream = target.add_stream(wanted.codec, rate=wanted.rate)
            assert isinstance(stream, av.AudioStream)
            stream.layout = "mono"
            stream.bit_rate = wanted.bits
            resampler = av.AudioResampler(format=wanted.samples, layout="mono", rate=wanted.rate)
            for frame in source.decode(audio=0):
                for piece in resampler.resample(frame):
                    target.mux(stream.encode(piece))
            for piece in resampler.resample(None):
                target.mux(stream.encode(piece))
            target.mux(stream.encode(None))
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise NoSound from error
    return written.getvalue()
