# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium driven through its DevTools pipe, and pictures as it takes them; no packages needed."""
import base64
import collections
import contextlib
import json
import os
import select
import shutil
import struct
import subprocess
import tempfile
import time
import zlib

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 120  # seconds for one answer, on a machine that does much else


class BrowserError(Exception):
    pass


def find():
    """The command of a browser that starts: Ubuntu's chromium-browser may only ask for a snap."""
    for name in (os.environ.get("SVCGATE_TEST_BROWSER"), *NAMES):
        path = shutil.which(name) if name else None
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    raise BrowserError("there is no Chromium: install the package chromium (Debian) or Google Chrome (Ubuntu), "
                       "or name one in SVCGATE_TEST_BROWSER")


class Browser:
    """Speaks the DevTools protocol: JSON texts, each with a null byte behind it, on descriptors 3 and 4."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="svcgate-browser-")
        self.number, self.buffer, self.events = 0, b"", []
        command = [find(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-extensions",
                   "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
                   f"--user-data-dir={self.folder}", "about:blank"]
        (theirs_in, self.send_to), (self.read_from, theirs_out) = os.pipe(), os.pipe()
        self.log = tempfile.TemporaryFile()  # pylint: disable=consider-using-with
        # A shell puts the two pipes where Chromium looks for them.
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            ["bash", "-c", f'exec 3<&{theirs_in} 4>&{theirs_out}; exec "$@"', "browser", *command],
            pass_fds=(theirs_in, theirs_out), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)

    def close(self):
        with contextlib.suppress(BrowserError, OSError):
            self.ask("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.send_to)
        os.close(self.read_from)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _message(self, until):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read_from], [], [], max(0, until - time.monotonic()))
            piece = os.read(self.read_from, 1 << 20) if ready else b""
            if not piece:
                self.log.seek(0)
                raise BrowserError("the browser says nothing more: " + self.log.read().decode(errors="replace")[-2000:])
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.send_to, data):]
        until = time.monotonic() + PATIENCE
        while True:
            answer = self._message(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        """Until such an event has come since the last time."""
        until = time.monotonic() + PATIENCE
        seen = 0
        while not any(event.get("method") == method for event in self.events[seen:]):
            seen = len(self.events)
            self.events.append(self._message(until))


class Page:
    def __init__(self, browser, width=1100, height=800, scheme="light", mobile=False):
        self.browser = browser
        self.target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for name in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{name}.enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.events.clear()

    def ask(self, method, **params):
        return self.browser.ask(method, self.session, **params)

    def open(self, path):
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        self.browser.wait("Page.loadEventFired")

    def run(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def picture(self):
        """What is seen, at a third of its size."""
        view = self.ask("Page.getLayoutMetrics")["cssVisualViewport"]
        clip = {"x": view["pageX"], "y": view["pageY"], "width": view["clientWidth"], "height": view["clientHeight"],
                "scale": 1 / 3}
        return Picture(base64.b64decode(self.ask("Page.captureScreenshot", format="png", clip=clip)["data"]))

    def complaints(self):
        """What a person would see in the console: errors, warnings, anything that was printed."""
        told = []
        for event in self.browser.events:
            params = event.get("params", {})
            if event.get("method") == "Log.entryAdded":
                told.append(params["entry"]["text"])
            if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                told.append(json.dumps(params)[:300])
        return told

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.browser.events
                if event.get("method") == "Network.requestWillBeSent"]

    def close(self):
        self.browser.ask("Target.closeTarget", targetId=self.target)


class Picture:
    """A PNG of 8 bits a channel, decoded (RFC 2083): rows of bytes."""

    def __init__(self, data):
        if data[:8] != b"\x89PNG\r\n\x1a\n":
            raise BrowserError("that is no PNG")
        at, packed = 8, b""
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at:at + 8])
            piece = data[at + 8:at + 8 + size]
            if kind == b"IHDR":
                self.width, self.height, _, color = struct.unpack(">IIBB", piece[:10])
                self.channels = {2: 3, 6: 4}[color]
            if kind == b"IDAT":
                packed += piece
            at += size + 12
        self.rows = list(self._rows(zlib.decompress(packed)))

    def _rows(self, raw):
        wide, step = self.width * self.channels, self.channels
        before = bytearray(wide)
        for top in range(0, self.height * (wide + 1), wide + 1):
            kind, row = raw[top], bytearray(raw[top + 1:top + 1 + wide])
            for i in range(wide if kind else 0):
                left, up = row[i - step] if i >= step else 0, before[i]
                corner = before[i - step] if i >= step else 0
                row[i] = (row[i] + (left, up, (left + up) // 2, paeth(left, up, corner))[kind - 1]) & 255
            before = row
            yield row

    def painted(self, colour, paper):
        """How many pixels have this colour, or a mixture of at least a third of it with the paper, as the edge of a
        thin line has: light is mixed along the straight line between the two."""
        count = collections.Counter(bytes(row[i:i + 3]) for row in self.rows for i in range(0, len(row), self.channels))
        way = [c - p for c, p in zip(colour, paper)]
        found = 0
        for pixel, times in count.items():
            here = [c - p for c, p in zip(pixel, paper)]
            share = sum(h * w for h, w in zip(here, way)) / sum(w * w for w in way)
            beside = max(abs(h - share * w) for h, w in zip(here, way))
            found += times if share > 1 / 3 and beside < 16 * share else 0
        return found

    def corner(self):
        """The colour of the page itself: its upper left corner."""
        return tuple(self.rows[0][:3])


def paeth(left, up, corner):
    near = sorted(((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner)))
    return near[0][2]
