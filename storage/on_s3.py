"""The shared store on S3: s3://bucket/folder, at CCHC_STORE_ENDPOINT, with access_key and secret_key of the secret."""

from __future__ import annotations

from functools import partial

from contracts.secrets import Secret
from contracts.settings import Settings
from storage import s3_system
from storage.errors import StoreError
from storage.opened import Opened, Told


def opened(settings: Settings, place: str, keys: Secret) -> Opened:
    """place: bucket/folder."""
    if not settings.store_endpoint:  # never Amazon's by oversight
        raise StoreError(
            "chưa đặt CCHC_STORE_ENDPOINT: địa chỉ của kho S3",
            advice="đặt CCHC_STORE_ENDPOINT, ví dụ https://s3.tinh.gov.vn, rồi chạy lại",
        )
    system = s3_system.s3_system(
        keys,
        endpoint=settings.store_endpoint,
        region=settings.store_region,
        verify=str(settings.store_ca) if settings.store_ca else True,
        seconds=settings.store_patience,
    )
    return Opened(
        system,
        place,
        failures=(*s3_system.CUT, *s3_system.ANSWERED),
        told=partial(_told, place.partition("/")[0]),
        is_away=_is_away,
        puts_whole=True,
        patience=s3_system.TRIES * settings.store_patience,
        close=partial(s3_system.close, system),
    )


def _is_away(error: BaseException) -> bool:
    return isinstance(error, (*s3_system.CUT, TimeoutError, ConnectionError))


def _told(bucket: str, error: BaseException) -> Told:
    code = s3_system.code_of(error)
    if _is_away(error):
        return "không nối được, hoặc kết nối bị ngắt giữa chừng", "kiểm tra mạng và CCHC_STORE_ENDPOINT"
    if code == s3_system.NO_BUCKET:
        return f"không có bucket «{bucket}»", "tạo bucket, hoặc sửa CCHC_STORE"
    if code == s3_system.CLOCKS_APART:
        return "đồng hồ của máy này lệch với kho", "chỉnh lại đồng hồ máy này"
    if code in s3_system.WRONG_KEYS or isinstance(error, PermissionError):
        return "khóa truy cập sai hoặc không đủ quyền", "kiểm tra access_key, secret_key của bí mật «store»"
    return f"kho trả lời lỗi {code or type(error).__name__}", "xem nhật ký của kho"
