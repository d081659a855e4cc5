"""Of what could be filed online in full, how much was."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="OFFERED_FULL_ONLINE",
    label="Tỷ lệ hồ sơ nộp trực tuyến trên số hồ sơ tiếp nhận của thủ tục cung cấp dịch vụ công trực tuyến toàn trình",
    area=6,
    unit="%",
    numerator=("offered_full_online",),
    denominator=("offered_full",),
    series=Series.FORMS,
    direction="higher",
    regulation="Nghị định 42/2022/NĐ-CP (mức độ dịch vụ công); mức độ vào ngày tiếp nhận",
    formula="trực tuyến của thủ tục toàn trình/tiếp nhận của thủ tục toàn trình",
    formula_version="1",
)
