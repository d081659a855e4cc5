"""Dossiers paid online among those with a financial obligation, on the forms' days."""

from contracts.codes import Series
from transforms.indicators._declaration import Indicator

INDICATOR = Indicator(
    id="PAID_ONLINE",
    label="Tỷ lệ hồ sơ thanh toán trực tuyến trên số hồ sơ nhận giải quyết có nghĩa vụ tài chính",
    area=6,
    unit="%",
    numerator=("paid_online",),
    denominator=("paid_known",),
    series=Series.FORMS,
    direction="higher",
    regulation=(
        "Cách tính của chương trình theo chỉ tiêu thanh toán của Quyết định 766/QĐ-TTg, trên kỳ báo cáo của biểu mẫu"
    ),
    formula="thanh toán trực tuyến/có nghĩa vụ tài chính trong (3)",
    formula_version="1",
)
