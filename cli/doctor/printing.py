"""Whether this machine prints: the four faces, and a page of all Vietnamese letters set in each of them."""

from __future__ import annotations

from pathlib import Path

from cli.doctor.installed import brought_back
from contracts.errors import CchcError
from contracts.fitness import Fitness, good, unfit


def fonts(folder: Path | None = None) -> Fitness:
    """folder: of the faces, where it is not the report's own."""
    from reporting.fonts import FACES, TEMPLATES, faults_of_faces

    if faults := faults_of_faces(folder or TEMPLATES / "fonts"):
        said = "; ".join(f"{file}: {fault}" for file, fault in faults.items())
        return unfit(said, *brought_back("report_templates/fonts"))
    return good(f"Liberation Serif, {len(FACES)} kiểu, đủ chữ tiếng Việt")


def page() -> Fitness:
    try:
        from reporting.fonts import VIETNAMESE
        from reporting.render import plain_pdf, typeset
    except OSError:
        return unfit("WeasyPrint không nạp được thư viện của hệ thống", "xem mục «Thư viện hệ thống»")
    letters = f"<p>{VIETNAMESE}</p><p><i>{VIETNAMESE}</i></p>"
    styles = "<link rel=stylesheet href=print.css>"
    try:
        pages, pdf = typeset(f"<html><head>{styles}</head><body>{letters}<b>{letters}</b></body></html>", plain_pdf)
    except CchcError as error:
        return unfit(error.cause, "xem mục «Thư viện hệ thống» và «Phông chữ»")
    return good(f"in thử {pages} trang, {len(pdf) // 1000} KB")
