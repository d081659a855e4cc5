"""Share of dossiers filed online among those received in the period; columns (4) over (4) + (5)."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="ONLINE_RECEIVED",
    label="Tỷ lệ hồ sơ tiếp nhận trực tuyến trên tổng số hồ sơ tiếp nhận trong kỳ",
    area=2,
    unit="%",
    numerator=("received_online",),
    denominator=("received_online", "received_in_person", "received_postal"),
    series=Series.FORMS,
    direction="higher",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="(4)/(4 + 5)",
    formula_version="1",
    by_field=True,
)
