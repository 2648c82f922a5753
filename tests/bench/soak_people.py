"""Who changes things in a soak test: people who create, edit, renew and delete ServiceAccounts, and take Secrets away. Random,
from a seed."""

import base64
import http.client
import json
import re
import ssl
import threading

from cluster import NAMESPACE

ACCOUNTS = f"/apis/console.platformer.com/v1alpha1/namespaces/{NAMESPACE}/serviceaccounts"
SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"
PERMISSIONS = [["rudder.app.editor"], ["rudder.env.viewer"], ["rudder.app.editor", "rudder.delivery.creator"]]
RENEWALS_MOST = 5  # of one object; more than ten in an hour would have to wait


class Api:
    """The apiserver as an administrator sees it, over one connection."""

    def __init__(self, kubeconfig):
        text = kubeconfig.read_text()
        files = {}
        for key in ("certificate-authority-data", "client-certificate-data", "client-key-data"):
            files[key] = kubeconfig.parent / f"soak-{key}.pem"
            files[key].write_bytes(base64.b64decode(re.search(rf"{key}: (\S+)", text)[1]))
        context = ssl.create_default_context(cafile=files["certificate-authority-data"])
        context.load_cert_chain(files["client-certificate-data"], files["client-key-data"])
        host, port = re.search(r"server: https://([\d.]+):(\d+)", text).groups()
        self.connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=60)
        self.lock = threading.Lock()

    def ask(self, method, path, body=None, kind="application/json"):
        """(status, what was answered)"""
        with self.lock:
            self.connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": kind})
            reply = self.connection.getresponse()
            return reply.status, json.loads(reply.read() or "{}")

    def items(self, path):
        status, answer = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status}")
        return {each["metadata"]["name"]: each for each in answer["items"]}


class People:
    def __init__(self, api, random, population):
        self.api, self.random, self.population = api, random, population
        self.born, self.alive, self.deeds = 0, {}, {}  # alive: {name: {"renewals": …, "robbed": …}}

    def act(self):
        """One deed; which are chosen so that there are about as many objects as there should be."""
        crowded = len(self.alive) / self.population
        if not self.alive or self.random.random() > crowded:
            deed, name = self.create, None
        else:
            deed = self.random.choices([self.edit, self.move, self.renew, self.rob, self.delete], [4, 1, 3, 1, 2])[0]
            name = self.random.choice(sorted(self.alive))
        status = deed(name)
        if status is not None:
            if status not in (200, 201, 404):  # 404: a Secret that is not there yet
                raise RuntimeError(f"{deed.__name__} {name}: {status}")
            self.deeds[deed.__name__] = self.deeds.get(deed.__name__, 0) + 1

    def create(self, _):
        self.born += 1
        name = f"bot-{self.born:06}"
        spec = {"project": "storefront", "permissions": self.random.choice(PERMISSIONS)}
        self.alive[name] = {"renewals": 0, "robbed": False}
        return self.api.ask("POST", ACCOUNTS, {"apiVersion": "console.platformer.com/v1alpha1", "kind": "ServiceAccount",
                                               "metadata": {"name": name}, "spec": spec})[0]

    def patch(self, name, body):
        return self.api.ask("PATCH", f"{ACCOUNTS}/{name}", body, "application/merge-patch+json")[0]

    def edit(self, name):
        return self.patch(name, {"spec": {"permissions": self.random.choice(PERMISSIONS)}})

    def move(self, name):
        return self.patch(name, {"spec": {"secret": {"name": f"{name}-moved-{self.random.randrange(3)}"}}})

    def renew(self, name):
        about = self.alive[name]
        if about["renewals"] >= RENEWALS_MOST:
            return None
        about["renewals"] += 1
        return self.patch(name, {"metadata": {"annotations": {"console.platformer.com/renew": f"{name}-{about['renewals']}"}}})

    def rob(self, name):
        """Takes the Secret away; once, since a token that is lost again is replaced only after a minute."""
        about = self.alive[name]
        if about["robbed"]:
            return None
        about["robbed"] = True
        _, found = self.api.ask("GET", f"{ACCOUNTS}/{name}")
        secret = found.get("status", {}).get("secretName")
        return self.api.ask("DELETE", f"{SECRETS}/{secret}")[0] if secret else None

    def delete(self, name):
        del self.alive[name]
        return self.api.ask("DELETE", f"{ACCOUNTS}/{name}")[0]

    def delete_all(self):
        for name in sorted(self.alive):
            self.delete(name)
