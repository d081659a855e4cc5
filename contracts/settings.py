"""Where things lie on this machine: from CCHC_* variables, with defaults that need none."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent
PREFECT_PORT = 4200
"""Of `cchc up`'s Prefect server, where nobody says another one."""

HERE, POOL = "here", "pool"
"""CCHC_PARTITIONS: who works on the sources."""


class Settings(BaseSettings):
    """home: landing, reports and the embedded warehouse of every province (CCHC_HOME).
    province: folder of the province's configuration (CCHC_PROVINCE).
    systems: stands for «{systems}» in a source's address (CCHC_SYSTEMS); default <home>/systems.
    secrets: folder of the files with passwords and keys (CCHC_SECRETS); default ~/.config/cchc/secrets.
    warehouse_url: SQLAlchemy URL (CCHC_WAREHOUSE_URL); default SQLite under home.
    partitions: who works on the sources (CCHC_PARTITIONS): «here», threads of the run itself, or «pool», processes of
    Prefect's work pool, on this machine or others (docs/scale.md).
    pool_patience: seconds that nothing is heard of such a process before another one is asked (CCHC_POOL_PATIENCE).
    pool_limit: seconds that such a process may hold a source and come no step further in the ledger, before the run
    goes on without that source (CCHC_POOL_LIMIT).
    prefect_port: of `cchc up`'s Prefect server (CCHC_PREFECT_PORT); the watchdog asks it where this is set.
    portal_url: what staff type to reach the portal (CCHC_PORTAL_URL): https://baocao.tinh.gov.vn. What a request says
    of it is not believed.
    requests_a_minute: of one person, or one address where nobody is signed in (CCHC_REQUESTS_A_MINUTE).
    backups: folder of the backups (CCHC_BACKUPS), best on another disk; default <home>/backups.
    store: fsspec URL of what several machines share (CCHC_STORE): s3://bucket/folder, sftp://user@host/folder,
    file:///mnt/folder; none: finished files lie on this machine alone. Its keys: the secret «store».
    store_endpoint, store_region: of an S3 store (CCHC_STORE_ENDPOINT, CCHC_STORE_REGION); store_ca: authority of its
    certificate, a file (CCHC_STORE_CA); store_known_hosts: the SFTP server's key, a file (CCHC_STORE_KNOWN_HOSTS).
    store_patience: seconds that an answer of the store is waited for (CCHC_STORE_PATIENCE).
    log: file for the portal's lines (CCHC_LOG); default the standard error."""

    model_config = SettingsConfigDict(env_prefix="CCHC_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Path("var")
    province: Path = Path("provinces/khanh-hoa")
    systems: Path | None = None
    secrets: Path | None = None
    warehouse_url: SecretStr | None = None
    partitions: str = HERE
    pool_patience: float = 30.0
    pool_limit: float = 6 * 3600.0
    prefect_port: int | None = None
    portal_url: str | None = None
    requests_a_minute: int = 300
    backups: Path | None = None
    store: str | None = None
    store_endpoint: str | None = None
    store_region: str | None = None
    store_ca: Path | None = None
    store_known_hosts: Path | None = None
    store_patience: float = 20.0
    log: Path | None = None

    @property
    def province_folder(self) -> Path:
        """As given, or below the repository where it is not below the working folder."""
        if self.province.exists() or self.province.is_absolute():
            return self.province
        return REPOSITORY / self.province

    @property
    def systems_folder(self) -> Path:
        return self.systems or self.home / "systems"

    @property
    def secrets_folder(self) -> Path:
        """Outside the province's folder, which is shared, copied and kept in version control."""
        return self.secrets or Path.home() / ".config" / "cchc" / "secrets"

    @property
    def backups_folder(self) -> Path:
        return self.backups or self.home / "backups"

    @property
    def prefect_address(self) -> str:
        """Of the server of `cchc up` on this machine."""
        return f"http://127.0.0.1:{self.prefect_port or PREFECT_PORT}"

    def province_home(self, province_id: str) -> Path:
        return self.home / province_id

    def database_url(self, province_id: str) -> str:
        if self.warehouse_url is not None:
            return self.warehouse_url.get_secret_value()
        path = (self.province_home(province_id) / "warehouse.sqlite").resolve()
        return f"sqlite:///{path}"
