"""The kinds of files that are taken, told by their first bytes; what anybody states is never asked.

Pure. The list is short and ours on purpose: a library that guesses among thousands of kinds calls an
iPhone's picture a film, and the question is only whether a file is one of these. What is none of them is
refused, whatever its name; whether the rest of a file is as it begins, the decoder finds out.
"""

from dataclasses import dataclass
from enum import StrEnum

#: Bytes of one picture, sound, film or paper. As much as WhatsApp takes, and three times what an MMS does.
LIMIT = 16 * 1024 * 1024


class Family(StrEnum):
    """How something is shown."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    PAPER = "paper"

    @classmethod
    def stated(cls, content_type: str) -> "Family":
        """How something is called of which nothing is known but the type that a sender has stated."""
        return _STATED.get(content_type.partition("/")[0], cls.PAPER)


_STATED = {"image": Family.PICTURE, "audio": Family.SOUND, "video": Family.FILM}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    Attributes:
        content_type: Its MIME type.
        family: How it is shown; a film may turn out to hold a sound and nothing to see.
        demuxer: FFmpeg's name of what takes it apart; empty for what FFmpeg never sees.
    """

    content_type: str
    family: Family
    demuxer: str = ""


JPEG = Kind("image/jpeg", Family.PICTURE)
PNG = Kind("image/png", Family.PICTURE)
GIF = Kind("image/gif", Family.PICTURE)
WEBP = Kind("image/webp", Family.PICTURE)
HEIC = Kind("image/heic", Family.PICTURE)
AVIF = Kind("image/avif", Family.PICTURE)
AMR = Kind("audio/amr", Family.SOUND, "amr")
MP3 = Kind("audio/mpeg", Family.SOUND, "mp3")
AAC = Kind("audio/aac", Family.SOUND, "aac")
WAV = Kind("audio/wav", Family.SOUND, "wav")
M4A = Kind("audio/mp4", Family.SOUND, "mov")
OGG = Kind("audio/ogg", Family.SOUND, "ogg")
MP4 = Kind("video/mp4", Family.FILM, "mov")
THREE_GP = Kind("video/3gpp", Family.FILM, "mov")
QUICKTIME = Kind("video/quicktime", Family.FILM, "mov")
WEBM = Kind("video/webm", Family.FILM, "matroska")
PDF = Kind("application/pdf", Family.PAPER)

_BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"#!AMR\n", AMR),
    (b"#!AMR-WB\n", AMR),
    (b"ID3", MP3),
    (b"OggS", OGG),
    (b"%PDF-", PDF),
)

#: Behind 'RIFF' and a length.
_RIFF = {b"WEBP": WEBP, b"WAVE": WAV}

#: The main brand behind 'ftyp', after the registry of ISO base media files; what is not here is a film.
_BRANDS = {
    b"heic": HEIC,
    b"heix": HEIC,
    b"heim": HEIC,
    b"heis": HEIC,
    b"hevc": HEIC,
    b"hevx": HEIC,
    b"mif1": HEIC,
    b"msf1": HEIC,
    b"avif": AVIF,
    b"M4A ": M4A,
    b"M4B ": M4A,
    b"qt  ": QUICKTIME,
}

#: Matroska's own mark, and how far in its subset for the web says its name.
_EBML = b"\x1a\x45\xdf\xa3"
_EBML_HEADER = 64


def kind_of(content: bytes) -> Kind | None:
    """What a file is; None: nothing that is taken."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12])
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return THREE_GP if brand[:2] == b"3g" else _BRANDS.get(brand, MP4)
    if content[:4] == _EBML:
        return WEBM if b"webm" in content[:_EBML_HEADER] else None
    return _bare_frames(content)


def _bare_frames(content: bytes) -> Kind | None:
    """Sound that begins with a frame: eleven set bits, the version, and the layer (none: AAC)."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return None
    layer = content[1] >> 1 & 0b11
    if layer == 0:
        return AAC if content[1] & 0xF6 == 0xF0 else None
    return MP3 if layer == 0b01 else None
