"""What a WSGI server imports to take messages for the folder that OPENPRM_PSI_HOME names."""

import os
from pathlib import Path

from openprm.mapping.engine.psi import web
from openprm.mapping.engine.psi.folder import Folder

application = web.application(Folder(Path(os.environ["OPENPRM_PSI_HOME"])))
