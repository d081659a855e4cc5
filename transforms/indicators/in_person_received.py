"""Share of dossiers handed in at the desk among those received in the period."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="IN_PERSON_RECEIVED",
    label="Tỷ lệ hồ sơ nộp trực tiếp trên tổng số hồ sơ tiếp nhận trong kỳ",
    area=2,
    unit="%",
    numerator=("received_in_person",),
    denominator=("received_online", "received_in_person", "received_postal"),
    series=Series.FORMS,
    direction="none",
    regulation="Biểu II.06/VPCP/KSTT, Thông tư 01/2020/TT-VPCP",
    formula="trực tiếp trong (5)/(4 + 5)",
    formula_version="1",
)
