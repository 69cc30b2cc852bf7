"""What tests of all rooms need of Spark."""

import pytest

from openprm.analytics.spark import why_no_spark

requires_java = pytest.mark.skipif(why_no_spark() is not None, reason=why_no_spark() or "")
