"""Share of dossiers sent by post among those received in the period."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="POSTAL_RECEIVED",
    label="Tỷ lệ hồ sơ nộp qua dịch vụ bưu chính công ích trên tổng số hồ sơ tiếp nhận trong kỳ",
    area=2,
    unit="%",
    numerator=("received_postal",),
    denominator=("received_online", "received_in_person", "received_postal"),
    series=Series.FORMS,
    direction="none",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="bưu chính trong (5)/(4 + 5)",
    formula_version="1",
)
