"""Which encodings would read a piece of a file: those in which its words are Vietnamese syllables."""

from __future__ import annotations

import codecs
import re

from sources.files.encodings import CODECS
from sources.files.encodings.letters import split_tone

ENOUGH = 0.7
"""Share of the words with marks that must be Vietnamese syllables; the wrong encoding hardly gives any."""

TOO_MANY_BAD = 0.02
"""Share of the letters with marks that may be unreadable: a damaged byte does not make it another encoding."""

_UNREADABLE = "\ufffd"

_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
_RHYME = (
    "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|ôi|ơi|oo|ua|uâ|uê|ui|uô|ươ|uơ|ưa|ưi|ưu|"
    "uy|uya|uyê|uyu|uôi|ươi|ươu|iêu|yê|yêu|oai|oay|oao|oeo|uây"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_RHYME})(?:ch|ng|nh|[cmnptk])?")
_WORD = re.compile(r"[^\W\d_]+")
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def suggest_encodings(sample: bytes) -> list[str]:
    """Encodings of a source.toml that read the sample as Vietnamese, the likeliest first. The sample may end in the
    middle of a letter. Text without marks is UTF-8 as well as any other."""
    scores = {encoding: score for encoding in CODECS if (score := vietnamese_share(sample, encoding)) is not None}
    return sorted((e for e, score in scores.items() if score >= ENOUGH), key=lambda e: -scores[e])


def vietnamese_share(sample: bytes, encoding: str) -> float | None:
    """Share of the words with marks that are syllables; none where the encoding cannot read the sample."""
    if sample.startswith(_BOMS) != (encoding == "utf-16"):
        return None
    text = codecs.getincrementaldecoder(CODECS[encoding])("replace").decode(sample)
    marked = sum(not letter.isascii() for letter in text)
    if text.count(_UNREADABLE) > TOO_MANY_BAD * marked:
        return None
    words = marked_words(text)
    if not words or encoding == "utf-8":  # bytes that are UTF-8 by chance do not occur
        return 1.0 if encoding in {"utf-8", "utf-16"} else None
    return sum(is_syllable(word) for word in words) / len(words)


def marked_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not word.isascii()]


def is_syllable(word: str) -> bool:
    """Whether Vietnamese has a syllable like that, whatever its tone."""
    letters = [split_tone(letter) for letter in word.lower()]
    return sum(bool(tone) for _, tone in letters) <= 1 and bool(_SYLLABLE.fullmatch("".join(c for c, _ in letters)))
