"""The lab: one scenario, its runs, one moment of them in many panels.

`screen` shows a moment in the room there is; `stepping`, `looking`, `changing` and `runs` are the
keys, by what they are for; `pointing` is the mouse, `hearing` the worker.
"""

from nnsim.tui.screens.lab.screen import LabScreen

__all__ = ["LabScreen"]
