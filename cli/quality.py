"""cchc quality: how far each source's figures of a period can be trusted, as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import err, figure, out
from contracts.errors import UsageError


def quality(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Ví dụ: 2024Q4.")],
    out_file: Annotated[
        Path | None,
        typer.Option("--out", metavar="TỆP", help="Tệp .html; bỏ trống: <CCHC_HOME>/<tỉnh>/quality/<kỳ>.html."),
    ] = None,
    with_codes: Annotated[
        bool, typer.Option("--with-codes", help="Ghi đủ mã hồ sơ (dữ liệu cá nhân); không có thì mã được che.")
    ] = False,
) -> None:
    """Trang chất lượng số liệu của tỉnh: nguồn × quy tắc, xu hướng, hồ sơ cần xem."""
    if out_file is not None and out_file.suffix not in {".html", ".htm"}:
        raise UsageError(f"không ghi được trang vào tệp «{out_file.name}»", advice="đặt tên tệp .html")
    from flows.place import find_place
    from flows.quality import quality_page
    from reporting.quality.render import write_page

    place = find_place(period)
    page = quality_page(place, with_codes=with_codes)
    name = f"{place.period.id}-co-ma-ho-so.html" if with_codes else f"{place.period.id}.html"
    path = out_file or place.home / "quality" / name
    try:
        size = write_page(page, path, mode=0o600 if with_codes else 0o640)
    except OSError:
        raise UsageError(
            f"không ghi được tệp {path.absolute()}",
            advice="kiểm tra quyền ghi, chỗ trống trên đĩa, hoặc chọn nơi khác cho --out",
        ) from None
    out.print(f"{path}  ({figure(-(-size // 1024))} KB; mở bằng trình duyệt, không cần mạng)", soft_wrap=True)
    if with_codes:
        err.print("[bold yellow]Tệp có mã hồ sơ (dữ liệu cá nhân):[/] chỉ người được giao sửa hồ sơ xem, xong thì xóa")
