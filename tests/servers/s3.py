"""An S3 store for tests: moto's server, which checks every request's signature against the keys that it gave out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config

from tests.servers.process import START_SECONDS, free_port

BUCKET = "xa-phuong"
_ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


@dataclass(frozen=True)
class S3Server:
    """A store with one bucket, and the keys of the one account that may read and write it."""

    endpoint: str
    access_key: str
    secret_key: str

    def put(self, key: str, content: bytes) -> None:
        self.client().put_object(Bucket=BUCKET, Key=key, Body=content)

    def empty(self) -> None:
        client = self.client()
        for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=found["Key"])

    def client(self) -> Any:
        return _client("s3", self.endpoint, self.access_key, self.secret_key)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running store, started when first asked for."""
    log = tmp_path_factory.mktemp("s3") / "log"
    endpoint = f"http://127.0.0.1:{(port := free_port())}"
    process = _start(port, log)
    try:
        _wait_until_ready(process, endpoint, log)
        server = _with_an_account(endpoint)
        server.client().create_bucket(Bucket=BUCKET)
        yield server
    finally:
        process.terminate()
        process.wait(START_SECONDS)


@pytest.fixture
def s3(s3_server: S3Server) -> S3Server:
    """The store with nothing in its bucket."""
    s3_server.empty()
    return s3_server


def _start(port: int, log: Path) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig=TERM", *program], env={**os.environ, **_UNREAL}, stdout=output, stderr=output
        )


_UNREAL = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_DEFAULT_REGION": "us-east-1"}


def _wait_until_ready(process: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{endpoint}/moto-api/data.json", timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    pytest.fail(f"the S3 store did not start:\n{log.read_text(encoding='utf-8')[-2000:]}", pytrace=False)


def _with_an_account(endpoint: str) -> S3Server:
    """From its making on, nothing is done without a good signature."""
    iam = _client("iam", endpoint, "none", "none")
    iam.create_user(UserName="cchc")
    iam.put_user_policy(UserName="cchc", PolicyName="s3", PolicyDocument=json.dumps(_ALLOWED))
    key = iam.create_access_key(UserName="cchc")["AccessKey"]
    httpx.post(f"{endpoint}/moto-api/reset-auth", content=b"0", timeout=5, trust_env=False)
    return S3Server(endpoint, key["AccessKeyId"], key["SecretAccessKey"])


def _client(service: str, endpoint: str, access_key: str, secret_key: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name="us-east-1",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )
