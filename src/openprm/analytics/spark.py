"""Spark, when it is configured: the same expressions on several machines. Without Django, so that commands may use it too."""

import os
import shutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTING = "OPENPRM_ANALYTICS"
EXTRA = "Install OpenPRM with its extra “spark” (pip install 'openprm[spark]')."


class SparkMissing(RuntimeError):
    """Spark is configured and cannot be started; the text says what is missing."""


def spark_master() -> str | None:
    """The address of Spark's master (`spark://host:7077`, `local[2]`); None where analysis runs on DuckDB."""
    told = os.environ.get(SETTING, "").strip()
    return told if told.startswith(("spark://", "local")) else None


def spark_configured() -> bool:
    return spark_master() is not None


def why_no_spark() -> str | None:
    """What this machine lacks for Spark; None where it lacks nothing."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return f"Spark's Python package is not installed. {EXTRA}"
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and os.access(os.path.join(home, "bin", "java"), os.X_OK)):
        return "Spark needs Java 17 or newer, and there is no java here. Install it, or name it in JAVA_HOME."
    return None


def spark_session(master: str | None = None, more: Mapping[str, str] = MappingProxyType({})) -> "SparkSession":
    """The Spark session of this process, at `master` or where the environment says. Times are UTC; the driver is this machine.

    `more` are settings of Spark; the first session of a process decides those of its Java machine.

    Raises SparkMissing.
    """
    asked = master or spark_master()
    if asked is None:
        raise SparkMissing(f"Spark is not configured: set {SETTING} to spark://host:7077 or local[2].")
    if problem := why_no_spark():
        raise SparkMissing(problem)
    from pyspark.sql import SparkSession

    here = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if asked.startswith("local") else {}
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **here,
        **more,
    }
    builder = SparkSession.builder.appName("openprm").master(asked)
    for name, value in settings.items():
        builder = builder.config(name, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found
