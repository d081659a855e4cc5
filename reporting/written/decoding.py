"""The text of a file as an office's machine saved it: Notepad's marks and line ends, UTF-16, letters in two pieces."""

from __future__ import annotations

import codecs

from contracts.errors import UsageError
from reporting.written.markdown import composed

MOST_BYTES = 1_000_000
_SAVE_AS_TEXT = "mở tệp bằng Notepad, chọn Lưu thành (Save as), Mã hóa (Encoding): UTF-8, rồi nạp lại"
_FOREIGN = {
    b"PK\x03\x04": "tệp Word hoặc tệp nén",
    b"\xd0\xcf\x11\xe0": "tệp Word đời cũ",
    b"{\\rtf": "tệp RTF",
    b"%PDF": "tệp PDF",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes) -> str:
    """In NFC, lines ended with \\n, without invisible marks. Raises UsageError where it is no text, or of an encoding
    that the file does not tell."""
    if len(data) > MOST_BYTES:
        raise UsageError("tệp lớn quá mức của một báo cáo bằng chữ", advice="chỉ nạp tệp mẫu đã điền, không kèm ảnh")
    for mark, what in _FOREIGN.items():
        if data.startswith(mark):
            raise UsageError(
                f"đây là {what}, không phải tệp chữ thường", advice=f"chép chữ sang tệp mẫu; {_SAVE_AS_TEXT}"
            )
    return composed(_text(data).replace("\r\n", "\n").replace("\r", "\n"))


def _text(data: bytes) -> str:
    coding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    if coding != "utf-16" and b"\x00" in data:
        raise UsageError("tệp không ghi bảng mã của nó (UTF-16 không có dấu đầu tệp)", advice=_SAVE_AS_TEXT)
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(
            f"dòng {line}: chữ không phải Unicode (có thể là TCVN3, VNI hoặc bảng mã của máy)", advice=_SAVE_AS_TEXT
        ) from None
