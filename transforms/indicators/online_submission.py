"""Item 3.3 of the 766 index: dossiers filed online among those received, on the index's calendar months; six points at
half of them."""

from datetime import date

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="ONLINE_SUBMISSION",
    label="Hồ sơ tiếp nhận trực tuyến trên tổng số hồ sơ tiếp nhận trong kỳ của bộ chỉ số",
    area=2,
    unit="%",
    numerator=("received_online",),
    denominator=("received_online", "received_in_person", "received_postal"),
    series=Series.INDEX,
    direction="higher",
    regulation="Chỉ tiêu 3.3, Quyết định 766/QĐ-TTg ngày 23/6/2022",
    formula="(4)/(4 + 5)",
    formula_version="766-2022",
    valid_from=date(2022, 6, 23),
)
