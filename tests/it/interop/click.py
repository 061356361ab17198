"""Opens an address in a headless Chromium, presses a button, and prints what is shown at the end."""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

address, button = sys.argv[1], sys.argv[2]
driver = subprocess.Popen(
    ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
)
port = None
for line in driver.stdout:
    if started := re.search(r"successfully on port (\d+)", line):
        port = started[1]
        break
    print(line, end="", file=sys.stderr)


def call(method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["value"]


try:
    options = {
        "acceptInsecureCerts": True,
        "goog:chromeOptions": {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        },
    }
    wanted = {"capabilities": {"alwaysMatch": options}}
    try:
        session = call("POST", "/session", wanted)["sessionId"]
    except urllib.error.HTTPError as refused:
        # A browser that did not come up has seen nothing of the address yet.
        print(refused.read().decode(), file=sys.stderr)
        session = call("POST", "/session", wanted)["sessionId"]
    at = f"/session/{session}"
    call("POST", f"{at}/url", {"url": address})
    found = call("POST", f"{at}/element", {"using": "css selector", "value": f"#{button}"})
    element = next(iter(found.values()))
    call("POST", f"{at}/element/{element}/click", {})
    for _ in range(600):
        if call("GET", f"{at}/url").startswith("http://127.0.0.1"):
            break
        time.sleep(0.1)
    page = call("POST", f"{at}/execute/sync", {"script": "return document.body.innerText", "args": []})
    title = call("GET", f"{at}/title")
    language = call(
        "POST", f"{at}/execute/sync", {"script": "return document.documentElement.lang", "args": []}
    )
    print(json.dumps({"title": title, "text": page, "language": language}))
    call("DELETE", at)
finally:
    driver.terminate()
    driver.wait()
