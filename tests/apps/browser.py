"""A headless Chromium for tests, driven through the pipes of its DevTools protocol."""

import base64
import io
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import matplotlib.image
import numpy as np

# Root needs --no-sandbox; SwiftShader draws WebGL on the processor.
OPTIONS = ["--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
           "--remote-debugging-pipe", "--no-first-run", "--disable-extensions", "--disable-background-networking",
           "--disable-component-update", "--hide-scrollbars", "--mute-audio"]
KEYS = {" ": ("Space", 32), "ArrowLeft": ("ArrowLeft", 37), "ArrowRight": ("ArrowRight", 39), "Home": ("Home", 36),
        "End": ("End", 35), "Escape": ("Escape", 27), "Enter": ("Enter", 13)}


class Browser:
    """A browser with one tab. A context manager.

    problems  errors and warnings of the console, and exceptions nobody caught
    requests  addresses that pages asked for
    """

    def __init__(self, *options):
        self._folder = tempfile.mkdtemp(prefix="chromium-")
        self.problems, self.requests = [], []
        self._next, self._answers, self._pending = 1, {}, b""
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()

        def pipes():
            # The protocol is spoken on descriptors 3 and 4, which these may have already.
            os.dup2(to_read, 13)
            os.dup2(to_write, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)
        self._process = subprocess.Popen(["chromium", *OPTIONS, f"--user-data-dir={self._folder}", *options, "about:blank"],
                                         preexec_fn=pipes, close_fds=False, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self._session = None
        pages = [one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        self._session = self.call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)
        for _ in range(50):  # its helpers take a moment longer to end, and may still write
            shutil.rmtree(self._folder, ignore_errors=True)
            if not os.path.exists(self._folder):
                break
            time.sleep(0.05)

    def call(self, method, **parameters):
        """Calls a method of the protocol, and returns its result."""
        number, self._next = self._next, self._next + 1
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 30
        while number not in self._answers:
            self._listen(deadline - time.monotonic())
        answer = self._answers.pop(number)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _listen(self, seconds):
        assert seconds > 0 and select.select([self._from], [], [], seconds)[0], "the browser does not answer"
        self._pending += os.read(self._from, 1 << 20)
        *whole, self._pending = self._pending.split(b"\0")
        for message in map(json.loads, whole):
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self._note(message.get("method"), message.get("params", {}))

    def _note(self, event, facts):
        if event == "Runtime.exceptionThrown":
            details = facts["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif event == "Runtime.consoleAPICalled" and facts["type"] in ("error", "warning", "assert"):
            self.problems.append(" ".join(str(one.get("value", one.get("description"))) for one in facts["args"]))
        elif event == "Log.entryAdded" and facts["entry"]["level"] in ("error", "warning"):
            self.problems.append(facts["entry"]["text"])
        elif event == "Network.requestWillBeSent":
            self.requests.append(facts["request"]["url"])

    # ------------------------------------------------------------ pages

    def size(self, width, height, ratio=1, is_dark=False):
        """Sets the size of the window in CSS pixels, and the scheme of colours."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio, mobile=False)
        scheme = "dark" if is_dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path):
        """Opens a page from disk, and waits until it has unpacked itself."""
        self.problems.clear()
        self.requests.clear()
        self.call("Page.navigate", url=f"file://{path}")
        self.wait_for("document.documentElement?.dataset.state === 'ready'")
        self.settle()

    def value(self, script):
        """The value of a JavaScript expression, which may be a promise."""
        done = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def text(self, name):
        """The text of the element with this id."""
        return self.value(f"document.getElementById('{name}').textContent")

    def set(self, name, value, event="input"):
        """Gives a field a value, as a user would."""
        self.value(f"{{const e = document.getElementById('{name}'); e.value = '{value}'; "
                   f"e.dispatchEvent(new Event('{event}', {{bubbles: true}}))}}")
        self.settle()

    def click(self, name):
        """Presses the element with this id."""
        self.value(f"document.getElementById('{name}').click()")
        self.settle()

    def key(self, key, shift=False):
        """Presses a key where the focus is."""
        code, number = KEYS.get(key, ("", ord(key[0].upper())))
        parameters = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": 8 if shift else 0}
        if len(key) == 1:
            parameters["text"] = key
        self.call("Input.dispatchKeyEvent", type="keyDown", **parameters)
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)
        self.settle()

    def mouse(self, name, kind, right=0, down=0, **parameters):
        """A mouse event (right, down) CSS pixels from the middle of the element with this id, which is in view."""
        left, top, width, height = self.place(name)
        self.call("Input.dispatchMouseEvent", type=kind, x=left + width / 2 + right, y=top + height / 2 + down, **parameters)

    def drag(self, name, right, down):
        """Presses the left button in the middle of an element, moves, and lets go."""
        self.mouse(name, "mousePressed", button="left", clickCount=1)
        self.mouse(name, "mouseMoved", right, down, button="left", buttons=1)
        self.mouse(name, "mouseReleased", right, down, button="left", clickCount=1)
        self.settle()

    def settle(self):
        """Waits until what was asked for has been drawn."""
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")

    def wait_for(self, condition, seconds=20):
        """Waits until a JavaScript expression is true."""
        deadline = time.monotonic() + seconds
        while not self.value(condition):
            assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
            time.sleep(0.02)

    def place(self, name):
        """Where the element with this id is: left, top, width, height in CSS pixels of the page."""
        return self.value(f"(() => {{const r = document.getElementById('{name}').getBoundingClientRect(); "
                          "return [r.left + scrollX, r.top + scrollY, r.width, r.height]})()")

    def png(self, clip=None, whole=False):
        """The window as PNG, or a part of the page (left, top, width, height), or all of it."""
        parameters = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = (0, 0, size["width"], size["height"])
        if clip:
            x, y, width, height = clip
            parameters = {"clip": {"x": x, "y": y, "width": width, "height": height, "scale": 1}, "captureBeyondViewport": True}
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", **parameters)["data"])

    def picture(self, name):
        """What the element with this id looks like: [height][width][3] in 0..255."""
        pixels = matplotlib.image.imread(io.BytesIO(self.png(self.place(name))))
        return (255 * pixels[:, :, :3]).round().astype(int)


def differ(one, other):
    """Fraction of the pixels that differ visibly between two pictures of the same size."""
    return float((np.abs(one - other).max(axis=2) > 24).mean())
