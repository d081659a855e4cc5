"""What is said to who may not, or asks for what is not there. Texts are Vietnamese; they never tell what exists."""

from __future__ import annotations

from contracts.roles import Right


class Refusal(Exception):
    """A page that says why not. status: of HTTP; title, advice: for the person."""

    status = 400
    title = "Yêu cầu không hợp lệ"
    advice = "Quay lại trang trước và thử lại."

    @property
    def headers(self) -> dict[str, str]:
        return {}


class NotSignedIn(Refusal):
    """Nobody is signed in, or somebody who must change the password first."""

    status = 303

    def __init__(self, *, must_change: bool = False) -> None:
        super().__init__()
        self.must_change = must_change


class Forbidden(Refusal):
    """Who asks may not do that."""

    status = 403
    title = "Tài khoản này không có quyền dùng trang này"
    advice = "Nếu công việc cần đến, đề nghị người quản trị cấp quyền."

    def __init__(self, right: Right | None = None) -> None:
        super().__init__()
        self.right = right


class NotFound(Refusal):
    """There is no such thing, or the person may not know that there is."""

    status = 404
    title = "Không có trang này"
    advice = "Có thể địa chỉ đã gõ sai, hoặc báo cáo này không thuộc đơn vị của tài khoản."


class StaleForm(Refusal):
    """A form without the token of the session: sent from elsewhere, or after the session ended."""

    status = 403
    title = "Biểu mẫu đã hết hạn"
    advice = "Mở lại trang, kiểm tra nội dung rồi gửi lại."


class TooLarge(Refusal):
    """More was sent than a form holds, or a signed copy. most: bytes."""

    status = 413
    title = "Nội dung gửi lên quá lớn"

    def __init__(self, *, most: int) -> None:
        super().__init__()
        self.advice = f"Mỗi lần gửi không quá {most // 1_000_000} MB. Kiểm tra lại tệp hoặc nội dung đã nhập."


class NotUnderstood(Refusal):
    """Fields that are missing or are not what they should be."""

    status = 422
    title = "Nội dung gửi lên thiếu hoặc không hợp lệ"


class NotThatWay(Refusal):
    """A page that is there, asked for by a method that it does not have."""

    status = 405
    title = "Địa chỉ này không dùng theo cách đó"


class OutOfOrder(Refusal):
    """The warehouse or the machine refuses. What exactly is for the operator, in the log."""

    status = 503
    title = "Cổng báo cáo tạm thời không đọc được số liệu"
    advice = "Số liệu đã lưu vẫn nguyên. Thử lại sau ít phút; nếu vẫn vậy, báo người vận hành."


class TooMany(Refusal):
    """More of one kind in a short while than a person needs. seconds: until there may be one again."""

    status = 429
    title = "Quá nhiều yêu cầu trong thời gian ngắn"

    def __init__(self, *, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds
        self.advice = f"Chờ {_how_long(seconds)} rồi thử lại."

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.seconds)}


def _how_long(seconds: int) -> str:
    return f"{seconds} giây" if seconds < 60 else f"{-(-seconds // 60)} phút"
