"""Results for people and for programs: terminal text, JSON, CSV, JUnit.

Nothing here trains anything but ``running``; every other module turns a result into text.
"""
