-- Vendor A («TD»): one table, numeric statuses, ISO times. «?» marks a text that is no day.
CREATE TEMP TABLE dossier AS
SELECT Id AS place,
       NULLIF(trim(MaHoSo), '') AS code,
       NULLIF(trim(MaTTHC), '') AS procedure_code,
       NULLIF(trim(TenLinhVuc), '') AS own_field,
       MaCoQuanTiepNhan AS local_unit,
       CASE TrangThai
           WHEN 1 THEN 'not received' WHEN 3 THEN 'not received'
           WHEN 2 THEN 'open' WHEN 4 THEN 'open'
           WHEN 5 THEN 'paused' WHEN 6 THEN 'paused'
           WHEN 7 THEN 'withdrawn' WHEN 8 THEN 'stopped'
           WHEN 9 THEN 'done' WHEN 10 THEN 'done'
       END AS state,
       CASE KenhThucHien WHEN 1 THEN 'in_person' WHEN 2 THEN 'online' WHEN 3 THEN 'postal' END AS channel,
       CASE WHEN date(substr(NgayTiepNhan, 1, 10)) = substr(NgayTiepNhan, 1, 10) THEN substr(NgayTiepNhan, 1, 10)
            WHEN NgayTiepNhan <> '' THEN '?' END AS r,
       CASE WHEN date(substr(NgayHenTra, 1, 10)) = substr(NgayHenTra, 1, 10) THEN substr(NgayHenTra, 1, 10)
            WHEN NgayHenTra <> '' THEN '?' END AS d,
       CASE WHEN date(substr(NgayKetThucXuLy, 1, 10)) = substr(NgayKetThucXuLy, 1, 10)
            THEN substr(NgayKetThucXuLy, 1, 10)
            WHEN NgayKetThucXuLy <> '' THEN '?' END AS e,
       CASE WHEN date(substr(NgayTraKetQua, 1, 10)) = substr(NgayTraKetQua, 1, 10) THEN substr(NgayTraKetQua, 1, 10)
            WHEN NgayTraKetQua <> '' THEN '?' END AS returned,
       CASE WHEN date(substr(DeletedOn, 1, 10)) = substr(DeletedOn, 1, 10) THEN substr(DeletedOn, 1, 10)
            WHEN DeletedOn <> '' THEN '?' END AS deleted,
       CASE MucDoDVC WHEN 2 THEN 'information' WHEN 3 THEN 'partial' WHEN 4 THEN 'full' END AS level,
       CASE KenhTraKetQua WHEN 1 THEN 'in_person' WHEN 2 THEN 'online' WHEN 3 THEN 'postal' END AS result_sent,
       1 AS keeps_result_sent,
       LienThong = 1 AS linked, CoNghiaVuTaiChinh = 1 AS fee, DuocThanhToanTrucTuyen IN (1, 2) AS paid,
       CoKetQuaDienTu = 1 AS electronic, DuocSoHoa = 1 AS digitised, DuocTaiSuDung = 1 AS reused,
       SoNgayQuyDinh AS limit_days,
       json_array(MucDoDVC, LienThong, CoNghiaVuTaiChinh, DuocThanhToanTrucTuyen, KenhTraKetQua, CoKetQuaDienTu,
                  DuocSoHoa, DuocTaiSuDung, SoNgayQuyDinh) AS other_facts
FROM system.HoSo;

CREATE TEMP TABLE pause AS
SELECT MaHoSo AS code, substr(NgayYeuCau, 1, 10) AS begun, substr(NgayHoanThanh, 1, 10) AS over
FROM system.HoSoYeuCau;
