"""Flask extensions, made once and bound by the application factory."""

from __future__ import annotations

from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from kaohe_flow.kernel.orm import Base

# A thin holder of the engine: models inherit from kernel.orm.Base and know nothing of Flask.
db = SQLAlchemy(metadata=Base.metadata)
login_manager = LoginManager()
csrf = CSRFProtect()
