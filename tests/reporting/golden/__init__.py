"""Pages as pictures: a page that changed is seen, whoever changed it and wherever.

Compared at 60 dots an inch after a blur, by the share of pixels that differ much: other versions of poppler or FreeType
draw the edges of letters otherwise, which the blur evens out; a line that moved by a millimetre is elsewhere.
`python -m tests.reporting.golden` makes the pictures anew."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from reporting.context import build_context
from reporting.render import render_pdf
from tests.reporting.pdf import sheets
from tests.reporting.printed import named

FOLDER = Path(__file__).parent
DOTS = 60
BLUR = 1.5
MUCH = 40
"""Of 255 shades."""
ALLOWED = 0.001
"""Share of a page's pixels. cairo's drawing in place of splash's makes 0.0004 at the most, a line that moved by three
dots at least 0.003."""


@dataclass(frozen=True)
class Page:
    """A page looked at, of one of the printed reports. words: the first page that has them."""

    name: str
    report: str
    words: str

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.png"


PAGES = (
    Page("trang-dau-tinh", "province", "BÁO CÁO"),
    Page("trang-dau-huyen-thieu-so-lieu", "nothing", "BÁO CÁO"),
    Page("trang-ky", "province", "Nơi nhận:"),
    Page("muc-luc", "province", "MỤC LỤC"),
    Page("bieu-mau", "province", "Biểu số II.06a/VPCP/KSTT"),
    Page("phu-luc-chi-tieu", "province", "CÁC CHỈ TIÊU TÍNH TỪ HỒ SƠ"),
)


REPORTS = sorted({page.report for page in PAGES})


def print_reports(folder: Path) -> dict[str, Path]:
    """Those, by their names, as they are printed now."""
    made = {}
    for name in REPORTS:
        given, unit = named(name)
        made[name] = folder / f"{name}.pdf"
        render_pdf(build_context(given, unit=unit), made[name])
    return made


def pictures(made: dict[str, Path]) -> Iterator[tuple[Page, Image.Image]]:
    """Every page as it is printed now. made: as print_reports gives them."""
    texts = {report: [sheet.text for sheet in sheets(path)] for report, path in made.items()}
    for page in PAGES:
        number = next(n for n, text in enumerate(texts[page.report], start=1) if page.words in text)
        yield page, drawn(made[page.report], number)


def drawn(path: Path, number: int, *, tool: tuple[str, ...] = ("pdftoppm",)) -> Image.Image:
    """That page (from 1) in shades of grey."""
    asked = [*tool, "-png", "-gray", "-r", str(DOTS), "-f", str(number), "-l", str(number), str(path)]
    asked += ["-singlefile", "-"] if tool[0] == "pdftocairo" else []
    done = subprocess.run(asked, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def differing(now: Image.Image, then: Image.Image) -> float:
    """The share of pixels that differ much; 1 where the sizes do."""
    if now.size != then.size:
        return 1.0
    one, other = (np.asarray(p.filter(ImageFilter.GaussianBlur(BLUR)), dtype=np.int16) for p in (now, then))
    return float(np.mean(np.abs(one - other) > MUCH))


def beside(now: Image.Image, then: Image.Image) -> Image.Image:
    """Then, now, and where they differ, in one picture."""
    wide, high = max(now.width, then.width), max(now.height, then.height)
    sheet = Image.new("L", (3 * wide + 20, high), 128)
    sheet.paste(then, (0, 0))
    sheet.paste(now, (wide + 10, 0))
    if now.size == then.size:
        apart = np.abs(np.asarray(now, dtype=np.int16) - np.asarray(then, dtype=np.int16))
        sheet.paste(Image.fromarray((255 - np.minimum(apart, 255)).astype(np.uint8)), (2 * wide + 20, 0))
    return sheet
