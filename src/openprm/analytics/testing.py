"""What tests of all rooms need of Spark."""

import pytest

from openprm.analytics.spark import why_no_spark

requires_java = pytest.mark.skipif(why_no_spark() is not None, reason=why_no_spark() or "")
SMALL = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.memory": "1g",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Settings of Spark for a handful of rows: compiling a query for them costs more than answering it."""
