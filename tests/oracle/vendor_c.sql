-- Vendor C: the two sheets of a workbook, loaded cell by cell as text into system."Hồ sơ" and system."Tạm dừng".
CREATE TEMP TABLE dossier AS
SELECT rowid AS place,
       NULLIF(trim("Mã hồ sơ"), '') AS code,
       NULLIF(trim("Mã TTHC"), '') AS procedure_code,
       NULLIF(trim("Lĩnh vực"), '') AS own_field,
       "Nơi tiếp nhận" AS local_unit,
       CASE "Tình trạng"
           WHEN 'Chờ tiếp nhận' THEN 'not received' WHEN 'Từ chối' THEN 'not received'
           WHEN 'Đang xử lý' THEN 'open' WHEN 'Tạm dừng' THEN 'paused'
           WHEN 'Rút' THEN 'withdrawn' WHEN 'Dừng' THEN 'stopped'
           WHEN 'Xong' THEN 'done' WHEN 'Đã trả' THEN 'done'
       END AS state,
       CASE "Hình thức nộp" WHEN 'Tại bộ phận Một cửa' THEN 'in_person' WHEN 'Trực tuyến' THEN 'online'
                            WHEN 'Qua bưu chính' THEN 'postal' END AS channel,
       CASE WHEN date(substr("Ngày tiếp nhận", 1, 10)) = substr("Ngày tiếp nhận", 1, 10)
            THEN substr("Ngày tiếp nhận", 1, 10) WHEN "Ngày tiếp nhận" <> '' THEN '?' END AS r,
       CASE WHEN date(substr("Ngày hẹn trả", 1, 10)) = substr("Ngày hẹn trả", 1, 10)
            THEN substr("Ngày hẹn trả", 1, 10) WHEN "Ngày hẹn trả" <> '' THEN '?' END AS d,
       CASE WHEN date(substr("Ngày giải quyết xong", 1, 10)) = substr("Ngày giải quyết xong", 1, 10)
            THEN substr("Ngày giải quyết xong", 1, 10) WHEN "Ngày giải quyết xong" <> '' THEN '?' END AS e,
       CASE WHEN date(substr("Ngày trả kết quả", 1, 10)) = substr("Ngày trả kết quả", 1, 10)
            THEN substr("Ngày trả kết quả", 1, 10) WHEN "Ngày trả kết quả" <> '' THEN '?' END AS returned,
       NULL AS deleted,
       CASE "Mức độ DVC" WHEN 'Cung cấp thông tin' THEN 'information' WHEN 'Một phần' THEN 'partial'
                         WHEN 'Toàn trình' THEN 'full' END AS level,
       NULL AS result_sent, 0 AS keeps_result_sent,
       "Liên thông" = 'x' AS linked, "Có thu phí" = 'x' AS fee, "Nộp phí trực tuyến" = 'x' AS paid,
       NULL AS electronic, NULL AS digitised, NULL AS reused,
       CAST(NULLIF("Thời hạn quy định (ngày)", '') AS INTEGER) AS limit_days,
       json_array("Mức độ DVC", "Liên thông", "Có thu phí", "Nộp phí trực tuyến", "Thời hạn quy định (ngày)")
           AS other_facts
FROM system."Hồ sơ";

CREATE TEMP TABLE pause AS
SELECT "Mã hồ sơ" AS code, substr("Từ ngày", 1, 10) AS begun, NULLIF(substr("Đến ngày", 1, 10), '') AS over
FROM system."Tạm dừng";
