"""Of what could be filed online, how much was: the base is the dossiers of procedures that are served online in part or
in full, and no others."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="OFFERED_ONLINE",
    label=(
        "Tỷ lệ hồ sơ nộp trực tuyến trên số hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến một "
        "phần hoặc toàn trình"
    ),
    area=6,
    unit="%",
    numerator=("offered_online",),
    denominator=("offered",),
    series=Series.FORMS,
    direction="higher",
    regulation="Nghị định 42/2022/NĐ-CP (mức độ dịch vụ công); mức độ vào ngày tiếp nhận",
    formula="trực tuyến của thủ tục một phần, toàn trình/tiếp nhận của thủ tục một phần, toàn trình",
    formula_version="1",
    by_field=True,
)
