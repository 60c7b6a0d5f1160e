"""Wie das Handbuch gebaut wird: `make handbuch`.

Alle Beispiele laufen beim Bauen; ein Fehler darin ist ein Fehler des Baus. Keine
Seite verlangt etwas aus dem Netz.
"""

import os
from pathlib import Path

WURZEL = Path(__file__).resolve().parents[2]
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Zellen rechnen im Haus, wie eine Planerin es tut.
os.environ["PYTHONPATH"] = os.pathsep.join(
    teil for teil in (str(WURZEL), os.environ.get("PYTHONPATH", "")) if teil
)

project = "quartierstools"
author = "Das Team von quartierstools"
language = "de"
locale_dirs = ["_sprache"]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "matplotlib.sphinxext.mathmpl",
]
html_theme = "furo"
html_title = "quartierstools – Handbuch"
html_static_path = ["_static"]
html_css_files = ["handbuch.css"]
html_js_files = ["handbuch.js"]
html_show_copyright = False
html_last_updated_fmt = None
html_copy_source = False
html_show_sourcelink = False
pygments_style = "friendly"
exclude_patterns = ["_build", "_sprache", "jupyter_execute"]

# Formeln mit {mathmpl}: Bilder aus matplotlib, kein MathJax, keine fremde Adresse.
mathmpl_fontsize = 12.0
mathmpl_srcset = ["2x"]

nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_execution_show_tb = True
nb_merge_streams = True
nb_kernel_rgx_aliases = {".*": "python3"}

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autosummary_generate = True
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Examples", "Beispiele")]
nitpicky = False
# Fundstellen stehen am Ende eines Docstrings, ohne Fußnotenzeichen im Text.
suppress_warnings = ["config.cache", "ref.footnote"]
