"""Payment item of the 766 index: dossiers paid online among those with a financial obligation, on its calendar
months."""

from datetime import date

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="PAYMENT_DOSSIERS",
    label="Hồ sơ thanh toán trực tuyến trên số hồ sơ có nghĩa vụ tài chính trong kỳ của bộ chỉ số",
    area=6,
    unit="%",
    numerator=("paid_online",),
    denominator=("paid_known",),
    series=Series.INDEX,
    direction="higher",
    regulation="Chỉ tiêu thanh toán trực tuyến, Quyết định 766/QĐ-TTg ngày 23/6/2022",
    formula="thanh toán trực tuyến/có nghĩa vụ tài chính trong (3)",
    formula_version="766-2022",
    valid_from=date(2022, 6, 23),
)
