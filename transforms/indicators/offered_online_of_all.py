"""Filed online at part or full level (formerly levels 3 and 4), of all that came in: the press gives this share, too,
and it is not the one whose base is the procedures served online."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="OFFERED_ONLINE_OF_ALL",
    label=(
        "Tỷ lệ hồ sơ nộp trực tuyến của thủ tục một phần, toàn trình (trước đây là mức độ 3, 4) trên tổng số "
        "hồ sơ tiếp nhận đã rõ mức độ"
    ),
    area=6,
    unit="%",
    numerator=("offered_online",),
    denominator=("level_known",),
    series=Series.FORMS,
    direction="higher",
    regulation="Nghị định 42/2022/NĐ-CP (mức độ dịch vụ công); mức độ vào ngày tiếp nhận",
    formula="trực tuyến của thủ tục một phần, toàn trình/(4 + 5) đã rõ mức độ",
    formula_version="1",
    by_field=True,
)
