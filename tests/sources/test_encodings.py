"""The encodings in which districts still write: every letter, against tables that are not ours."""

from __future__ import annotations

import codecs
import csv
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.table_spec import FileConnection
from sources.files.encodings import CODECS
from sources.files.encodings.guess import is_syllable, suggest_encodings
from sources.files.encodings.letters import LETTERS
from sources.files.encodings.old_fonts import from_old_font

OURS = ["cchc-tcvn3", "cchc-vni", "cchc-windows-1258"]
IN_TCVN3 = frozenset(letter for letter in LETTERS if letter.islower() or letter in "ĂÂÊÔƠƯĐ")
PROVINCES = Path("provinces")

VNI = """
à aø | á aù | ả aû | ã aõ | ạ aï | ă aê | ằ aè | ắ aé | ẳ aú | ẵ aü | ặ aë | â aâ | ầ aà | ấ aá | ẩ aå | ẫ aã | ậ aä
è eø | é eù | ẻ eû | ẽ eõ | ẹ eï | ê eâ | ề eà | ế eá | ể eå | ễ eã | ệ eä | ì ì | í í | ỉ æ | ĩ ó | ị ò | đ ñ
ò oø | ó où | ỏ oû | õ oõ | ọ oï | ô oâ | ồ oà | ố oá | ổ oå | ỗ oã | ộ oä | ơ ô | ờ ôø | ớ ôù | ở ôû | ỡ ôõ | ợ ôï
ù uø | ú uù | ủ uû | ũ uõ | ụ uï | ư ö | ừ öø | ứ öù | ử öû | ữ öõ | ự öï | ỳ yø | ý yù | ỷ yû | ỹ yõ | ỵ î
"""
"""As published: each letter, and what windows-1252 shows for its bytes. Capitals are the capitals of both."""

TCVN3 = """
à µ | á ¸ | ả ¶ | ã · | ạ ¹ | ă ¨ | ằ » | ắ ¾ | ẳ ¼ | ẵ ½ | ặ Æ | â © | ầ Ç | ấ Ê | ẩ È | ẫ É | ậ Ë | đ ®
è Ì | é Ð | ẻ Î | ẽ Ï | ẹ Ñ | ê ª | ề Ò | ế Õ | ể Ó | ễ Ô | ệ Ö | ì × | í Ý | ỉ Ø | ĩ Ü | ị Þ
ò ß | ó ã | ỏ á | õ â | ọ ä | ô « | ồ å | ố è | ổ æ | ỗ ç | ộ é | ơ ¬ | ờ ê | ớ í | ở ë | ỡ ì | ợ î
ù ï | ú ó | ủ ñ | ũ ò | ụ ô | ư \u00ad | ừ õ | ứ ø | ử ö | ữ ÷ | ự ù | ỳ ú | ý ý | ỷ û | ỹ ü | ỵ þ
Ă ¡ | Â ¢ | Đ § | Ê £ | Ô ¤ | Ơ ¥ | Ư ¦
"""

LINES = [
    # Unicode                                  TCVN3                                   VNI
    ("Hồ sơ một cửa điện tử", "Hå s¬ mét cöa ®iÖn tö", "Hoà sô moät cöûa ñieän töû"),
    ("Xã Đắk Gằn, huyện Đắk Mil", "X· §¾k G»n, huyÖn §¾k Mil", "Xaõ Ñaék Gaèn, huyeän Ñaék Mil"),
    ("Quyền sử dụng đất; tuổi; Khuỷu", "QuyÒn sö dông ®Êt; tuæi; Khuûu", "Quyeàn söû duïng ñaát; tuoåi; Khuyûu"),
]


def pairs(table: str) -> Iterator[tuple[str, bytes]]:
    for pair in table.strip().replace("\n", " | ").split(" | "):
        letter, shown = pair.split(" ")
        yield letter, shown.encode("latin-1")


def test_there_are_134_letters() -> None:
    assert len(LETTERS) == 134
    assert all(unicodedata.is_normalized("NFC", letter) for letter in LETTERS)


def test_every_letter_of_vni_is_as_published() -> None:
    small = dict(pairs(VNI))
    capital = {letter.upper(): code.decode("latin-1").upper().encode("latin-1") for letter, code in small.items()}
    assert set(small | capital) == LETTERS
    for letter, code in (small | capital).items():
        assert code.decode("cchc-vni") == letter
        assert letter.encode("cchc-vni") == code


def test_every_letter_of_tcvn3_is_as_published() -> None:
    table = dict(pairs(TCVN3))
    assert set(table) == IN_TCVN3
    for letter, code in table.items():
        assert code.decode("cchc-tcvn3") == letter
        assert letter.encode("cchc-tcvn3") == code


def test_tcvn3_has_no_capitals_with_a_tone() -> None:
    for letter in LETTERS - IN_TCVN3:
        with pytest.raises(UnicodeEncodeError):
            letter.encode("cchc-tcvn3")


@pytest.mark.parametrize("byte", range(0xA0, 0x100))
def test_tcvn3_agrees_with_the_system_s_iconv(byte: int) -> None:
    """glibc has TCVN 5712-1, the larger set: more capitals, and tones as marks of their own. Where TCVN3 has a letter,
    both have the same."""
    assert shutil.which("iconv"), "iconv is missing: apt-get install libc-bin"
    try:
        ours = bytes([byte]).decode("cchc-tcvn3")
    except UnicodeDecodeError:
        assert 0xB0 <= byte <= 0xB4 or theirs(byte) in LETTERS - IN_TCVN3
    else:
        assert theirs(byte) == ours


def theirs(byte: int) -> str:
    """A space behind the letter: iconv waits for a mark that may still come."""
    told = ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"]
    done = subprocess.run(told, input=bytes([byte, 0x20]), capture_output=True, check=True)
    return unicodedata.normalize("NFC", done.stdout.decode()).removesuffix(" ")


@pytest.mark.parametrize(("text", "tcvn3", "vni"), LINES)
def test_lines_as_they_are_found(text: str, tcvn3: str, vni: str) -> None:
    assert tcvn3.encode("latin-1").decode("cchc-tcvn3") == text
    assert vni.encode("latin-1").decode("cchc-vni") == text
    assert from_old_font(tcvn3, "tcvn3") == from_old_font(vni, "vni") == text


WORDS = st.lists(st.sampled_from(sorted(IN_TCVN3 | set('abcehiknoqtuyABCĐ .,;\n"0123456789'))), max_size=60)
ALL_WORDS = st.lists(st.sampled_from(sorted(LETTERS | set('abcehiknoqtuyAEOUY .,;\n"0123456789'))), max_size=60)


@given(WORDS.map("".join))
def test_tcvn3_gives_back_what_it_was_given(text: str) -> None:
    assert text.encode("cchc-tcvn3").decode("cchc-tcvn3") == text


@given(ALL_WORDS.map("".join))
def test_vni_and_windows_1258_give_back_what_they_were_given(text: str) -> None:
    for codec in ("cchc-vni", "cchc-windows-1258"):
        assert text.encode(codec).decode(codec) == text


@pytest.mark.parametrize("codec", OURS)
@given(data=st.binary(max_size=60), cuts=st.lists(st.integers(0, 60), max_size=6))
def test_pieces_give_what_the_whole_gives(codec: str, data: bytes, cuts: list[int]) -> None:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [decoder.decode(data[a:b]) for a, b in pairwise(places)]
    assert "".join([*pieces, decoder.decode(b"", final=True)]) == data.decode(codec, "replace")


@given(st.text(max_size=40))
def test_what_windows_1258_reads_is_whole_letters(text: str) -> None:
    written = unicodedata.normalize("NFD", text).encode("cp1258", "ignore")
    assert unicodedata.is_normalized("NFC", written.decode("cchc-windows-1258"))


NOTHING = [
    ("cchc-tcvn3", b"H\x80", 1),
    ("cchc-tcvn3", b"H\xb0 s", 1),
    ("cchc-tcvn3", b"\xff", 0),
    ("cchc-vni", b"b\xf9", 1),
    ("cchc-vni", b"y\xe2", 1),
    ("cchc-vni", b"a\xd0", 1),
    ("cchc-vni", b"\xf9", 0),
    ("cchc-windows-1258", b"a\x8a", 1),
]


@pytest.mark.parametrize(("codec", "data", "at"), NOTHING)
def test_a_byte_without_a_meaning_is_an_error(codec: str, data: bytes, at: int) -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        data.decode(codec)
    assert (caught.value.start, caught.value.end) == (at, at + 1)
    assert data.decode(codec, "replace").count("\ufffd") == 1


# --- which encoding is it? ------------------------------------------------------------------------------------------


def known_words() -> str:
    """Statuses, channels, fields and units as the provinces' own files have them."""
    files = [*PROVINCES.glob("*/vendors/*/*.csv"), *PROVINCES.glob("*/sources/*/unit_map.csv")]
    cells = (cell for file in files for row in csv.reader(file.open(encoding="utf-8-sig")) for cell in row)
    return "\n".join(dict.fromkeys(cells))


@pytest.fixture(scope="module")
def words() -> str:
    found = known_words()
    assert len(found) > 1_000
    return found


@pytest.mark.parametrize("encoding", CODECS)
def test_the_encoding_is_found_out(words: str, encoding: str) -> None:
    text = words.lower() if encoding == "tcvn3" else words
    sample = text.encode(CODECS[encoding])
    assert suggest_encodings(sample) == [encoding]
    assert suggest_encodings(sample[:777])[0] == encoding, "also where the sample ends in the middle of a letter"


def test_real_words_come_back_in_every_encoding(words: str) -> None:
    for encoding, codec in CODECS.items():
        text = words.lower() if encoding == "tcvn3" else words
        assert text.encode(codec).decode(codec) == text


def test_one_damaged_byte_does_not_make_it_another_encoding(words: str) -> None:
    for encoding in ("utf-8", "windows-1258", "vni"):
        sample = words.encode(CODECS[encoding])
        assert suggest_encodings(sample[:500] + b"\x8f" + sample[500:]) == [encoding]


def test_plain_ascii_is_utf_8() -> None:
    assert suggest_encodings(b"MaHoSo,TrangThai\n1,2\n") == ["utf-8"]


def test_what_no_encoding_reads_is_not_guessed() -> None:
    assert suggest_encodings(bytes(range(0x80, 0x100)) * 20) == []


def test_every_encoding_of_the_configuration_has_a_codec() -> None:
    for encoding in CODECS:
        assert FileConnection(encoding=encoding).encoding == encoding  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["nghiêng", "Khuỷu", "ĐẮK", "quốc", "giếng", "hoà", "hòa", "Ưu", "xã"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Hå", "moät", "Ã¡", "aø", "çlk", "bố́"])
def test_what_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


# --- cells in an old font -------------------------------------------------------------------------------------------

CELLS = [
    # typed                    what it is
    ("Hå s¬", "Hồ sơ"),
    ("H32.38-241015-0001", "H32.38-241015-0001"),
    ("Hồ sơ", "Hồ sơ"),
    ("Đã xong", "Đã xong"),
    ("§· xong", "Đã xong"),
    ("5 µg/m³", "5 µg/m³"),
]


@pytest.mark.parametrize(("typed", "meant"), CELLS)
def test_a_cell_in_an_old_font(typed: str, meant: str) -> None:
    assert from_old_font(typed, "tcvn3") == meant
