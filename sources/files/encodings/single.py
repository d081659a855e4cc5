"""Making a codec of a table, whole and in pieces."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

Decode = Callable[[bytes, str, bool], tuple[str, int]]
"""Bytes, error handler, whether these are the last ones → text and how many bytes of it were used."""


def codec_of(name: str, *, decode: Decode, encoding: Mapping[int, int | bytes]) -> codecs.CodecInfo:
    """decode: see Decode. encoding: code point → byte or bytes."""

    def encoded(text: str, errors: str = "strict") -> tuple[bytes, int]:
        return codecs.charmap_encode(text, errors, encoding)

    def decoded(data: Buffer, errors: str = "strict", /) -> tuple[str, int]:
        return decode(bytes(data), errors, True)

    class Encoder(codecs.IncrementalEncoder):
        def encode(self, text: str, final: bool = False) -> bytes:
            return encoded(text, self.errors)[0]

    class Decoder(codecs.BufferedIncrementalDecoder):
        def _buffer_decode(self, data: Buffer, errors: str, final: bool) -> tuple[str, int]:
            return decode(bytes(data), errors, final)

    class Writer(codecs.StreamWriter):
        def encode(self, text: str, errors: str = "strict") -> tuple[bytes, int]:
            return encoded(text, errors)

    class Reader(codecs.StreamReader):
        def decode(self, data: Buffer, errors: str = "strict") -> tuple[str, int]:
            return decode(bytes(data), errors, False)

    return codecs.CodecInfo(
        encode=encoded,
        decode=decoded,
        incrementalencoder=Encoder,
        incrementaldecoder=Decoder,
        streamwriter=Writer,
        streamreader=Reader,
        name=name,
    )
