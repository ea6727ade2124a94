"""Text that tries to run as script, markup, formula or control sequence, for tests of what is shown."""

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
HOSTILE = (
    f"{SCRIPT} {IMAGE} US$5 billion and $10 $$x$$ \\(y\\) [a](javascript:alert(3)) \u202egnp.exe\x07 "
    "\" onclick='b'"
)
