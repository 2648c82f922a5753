#!/usr/bin/env python3
"""Checks operator/console/openapi.yaml, and recorded Console traffic against it.

    openapi_check.py [--all-operations] EXCHANGES.jsonl...   check the contract and every exchange in the files
    openapi_check.py --self-test                             check the contract, and that bad exchanges are noticed

The contract is validated by openapi-spec-validator, the exchanges by openapi-core (versions: tests/requirements.txt).
Tests write exchanges where PLATFORMER_EXCHANGES says, one JSON object a line, without any token:

    {"source": "client",                       who wrote it, for messages
     "operation": "renewServiceAccountToken",  optional: the operation that was meant
     "request": {"method": "PUT", "path": "/auth/api/v1/serviceaccount/a1/token/renew",   with the query, if any
                 "headers": {"authorization": "redacted", "x-organization-id": "acme"},
                 "body": "{\"expired_in\":null}"},                                        "" when there is none
     "reply": {"status": 200, "headers": {"content-type": "application/json"}, "body": "…"}}

A request must fit unless the reply refuses it (4xx). A reply must always fit. Exit: 0 fits, 1 does not, 2 bad usage.
"""

import argparse
import json
import pathlib
import sys
from urllib.parse import parse_qsl, urlsplit

import yaml
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_spec_validator import validate
from werkzeug.datastructures import Headers, ImmutableMultiDict

CONTRACT = pathlib.Path(__file__).resolve().parents[3] / "operator" / "console" / "openapi.yaml"
GATEWAY = "https://api.platformer.com"  # the contract's default; recorded paths are relative to a gateway


class Request:
    """A recorded request in the form that openapi-core reads."""

    def __init__(self, recorded):
        parts = urlsplit(recorded["path"])
        self.host_url = GATEWAY
        self.path = parts.path
        self.full_url_pattern = GATEWAY + parts.path
        self.method = recorded["method"].lower()
        headers = Headers(list(recorded["headers"].items()))
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True)),
            header=headers,
            cookie=ImmutableMultiDict(),
            path={},
        )
        self.content_type = headers.get("content-type", "")
        self.body = recorded["body"].encode() or None


class Response:
    def __init__(self, recorded):
        self.status_code = recorded["status"]
        self.headers = Headers(list(recorded["headers"].items()))
        self.content_type = self.headers.get("content-type", "")
        self.data = recorded["body"].encode()


def reasons(error):
    """The error and what it was caused by, in one line."""
    texts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        text = str(error)
        texts.append(f"{type(error).__name__}: {text}" if text else type(error).__name__)
        details = [e.message for e in getattr(error, "schema_errors", [])]
        texts.extend(details)
        error = error.__cause__ or error.__context__
    return "; ".join(texts)


class Contract:
    def __init__(self):
        self.document = yaml.safe_load(CONTRACT.read_text())
        validate(self.document)
        self.api = OpenAPI.from_dict(self.document)
        self.operations = {}
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if method == "parameters":
                    continue
                if operation.get("x-provenance") not in ("seen", "inferred"):
                    raise ValueError(f"{operation['operationId']} lacks x-provenance: seen|inferred")
                self.operations[operation["operationId"]] = (method, path)

    def problems(self, exchange):
        """(operationId or None, list of what does not fit)."""
        request, response = Request(exchange["request"]), Response(exchange["reply"])
        refused = 400 <= response.status_code < 500
        operation, found = self.find(request), []
        if operation is None:
            return None, [] if refused else ["no operation has this method and path"]
        meant = exchange.get("operation")
        if meant and meant != operation:
            found.append(f"meant as {meant}")
        if not refused:
            try:
                self.api.validate_request(request)
            except OpenAPIError as error:
                found.append("request: " + reasons(error))
        try:
            self.api.validate_response(request, response)
        except OpenAPIError as error:
            found.append("reply: " + reasons(error))
        return operation, found

    def find(self, request):
        base = "/auth/api/v1"
        if not request.path.startswith(base + "/"):
            return None
        segments = request.path[len(base):].split("/")
        best = None
        for operation, (method, path) in self.operations.items():
            pattern = path.split("/")
            if method != request.method or len(pattern) != len(segments):
                continue
            if all(p == s or (p.startswith("{") and s) for p, s in zip(pattern, segments)):
                literal = sum(p == s for p, s in zip(pattern, segments))
                if best is None or literal > best[0]:
                    best = (literal, operation)
        return best and best[1]


def check(contract, files, all_operations):
    failures, seen = 0, {}
    for file in files:
        for number, line in enumerate(pathlib.Path(file).read_text().splitlines(), 1):
            if not line.strip():
                continue
            exchange = json.loads(line)
            operation, found = contract.problems(exchange)
            seen[operation] = seen.get(operation, 0) + 1
            for problem in found:
                failures += 1
                request = exchange["request"]
                print(f"{file}:{number}: {exchange.get('source', '?')}: {request['method']} {request['path']} -> "
                      f"{exchange['reply']['status']}: {problem}", file=sys.stderr)
    unseen = sorted(set(contract.operations) - set(seen))
    print(f"{sum(seen.values())} exchanges, {len(contract.operations) - len(unseen)} of "
          f"{len(contract.operations)} operations, {failures} problems")
    if all_operations and unseen:
        print("no exchange with: " + ", ".join(unseen), file=sys.stderr)
        failures += 1
    return failures == 0


def self_test(contract):
    """Each of these differs from a good exchange in one point that must be noticed."""
    account = {"id": "a1", "name": "bot", "description": "", "organization_id": "o1", "project_id": None, "roles": [],
               "projects": [], "expired_in": None, "created_date": {"_seconds": 1, "_nanoseconds": 0},
               "token_created_date": "2026-01-01T00:00:00Z", "status": "active"}

    def exchange(method="PUT", path="/auth/api/v1/serviceaccount/a1/token/renew", headers=None,
                 body='{"expired_in":null}', status=200, reply=None, content_type="application/json"):
        sent = {"authorization": "redacted", "x-organization-id": "o1"} if headers is None else headers
        if body:
            sent = {**sent, "content-type": "application/json"}
        reply = {"success": True, "data": {**account, "token": "redacted"}} if reply is None else reply
        return {"request": {"method": method, "path": path, "headers": sent, "body": body},
                "reply": {"status": status, "headers": {"content-type": content_type}, "body": json.dumps(reply)}}

    refusal = {"errors": {"message": {"error": "no"}}}
    read = dict(method="GET", path="/auth/api/v1/serviceaccount/a1", body="")
    good = {
        "renew": exchange(),
        "a date": exchange(body='{"expired_in":"2027-01-01T00:00:00Z"}'),
        "read": exchange(**read, reply={"success": True, "data": account}),
        "a refused bad request": exchange(body='{"bad":1}', status=400, reply=refusal),
        "page 2": exchange(method="GET", path="/auth/api/v1/serviceaccount/list?page=2&limit=100", body="",
                           reply={"success": True, "data": [account], "meta": {"page": 2, "pages": 2, "total": 101}}),
    }
    bad = {
        "an unknown field in a request": exchange(body='{"expired_in":null,"x":1}'),
        "no body": exchange(body=""),
        "a date that is none": exchange(body='{"expired_in":"tomorrow"}'),
        "no scope header": exchange(headers={"authorization": "redacted"}),
        "no token": exchange(headers={"x-organization-id": "o1"}),
        "an unknown route": exchange(path="/auth/api/v1/serviceaccount/a1/renew"),
        "a reply without token": exchange(reply={"success": True, "data": account}),
        "a read with token": exchange(**read, reply={"success": True, "data": {**account, "token": "x"}}),
        "success false": exchange(reply={"success": False, "data": {**account, "token": "redacted"}}),
        "a refusal in another envelope": exchange(status=403, reply={"message": "no"}),
        "a reply date that is none": exchange(**read, reply={"success": True, "data": {**account, "expired_in": 7}}),
        "a web page": exchange(content_type="text/html"),
        "an undocumented status": exchange(status=202),
        "page 0": exchange(method="GET", path="/auth/api/v1/serviceaccount/list?page=0", body="",
                           reply={"success": True, "data": [], "meta": {"page": 1, "pages": 1, "total": 0}}),
    }
    wrong = [f"{name} was refused: {contract.problems(e)[1]}" for name, e in good.items() if contract.problems(e)[1]]
    wrong += [f"{name} was not noticed" for name, e in bad.items() if not contract.problems(e)[1]]
    for text in wrong:
        print(text, file=sys.stderr)
    print(f"{len(contract.operations)} operations, {len(good)} good and {len(bad)} bad exchanges, {len(wrong)} wrong")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="EXCHANGES.jsonl")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--all-operations", action="store_true", help="fail when an operation has no exchange")
    options = parser.parse_args()
    if not options.files and not options.self_test:
        parser.error("nothing to do: name a file, or --self-test")
    contract = Contract()
    good = not options.self_test or self_test(contract)
    if options.files:
        good = check(contract, options.files, options.all_operations) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
