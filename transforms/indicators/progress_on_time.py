"""Item 2.1 of the 766 index: ratio B on the index's calendar months, times 20 points."""

from datetime import date

from contracts.codes import Series
from contracts.columns import OPEN, RESOLVED
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="PROGRESS_ON_TIME",
    label="Tiến độ giải quyết: hồ sơ đúng hạn, trước hạn và trong hạn trên tổng số hồ sơ đã và đang giải quyết",
    area=2,
    unit="%",
    numerator=("early", "on_time", "open_in_time"),
    denominator=(*RESOLVED, *OPEN),
    series=Series.INDEX,
    direction="higher",
    regulation="Chỉ tiêu 2.1, Quyết định 766/QĐ-TTg ngày 23/6/2022",
    formula="(8 + 9 + 12)/(3)",
    formula_version="766-2022",
    valid_from=date(2022, 6, 23),
)
