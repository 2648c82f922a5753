#!/usr/bin/env python3
"""What the operator's pods asked of the apiserver in all that the other tests did, under the chart's roles and nothing
else: no request was refused for want of a right."""

import collections
import json
import unittest

from cluster import CLUSTER, NAMESPACE, RELEASE, figure

OPERATOR = f"system:serviceaccount:{NAMESPACE}:{RELEASE}"


class Rights(unittest.TestCase):
    def test_the_charts_roles_are_enough(self):
        decisions, refused = collections.Counter(), collections.Counter()
        with open(CLUSTER / "audit.log", encoding="utf-8") as log:
            for event in map(json.loads, log):
                if event["user"].get("username") != OPERATOR:
                    continue
                decision = event.get("annotations", {}).get("authorization.k8s.io/decision")
                decisions[decision] += 1
                if decision != "allow":
                    what = event.get("objectRef", {})
                    refused[event["verb"], what.get("apiGroup", ""), what.get("resource"), what.get("subresource", "")] += 1
        self.assertGreater(decisions["allow"], 1000, "the 500 creations of a rolling update alone are more")
        figure("requests of the operator under the chart's roles", decisions.total(), "")
        figure("… refused for want of a right", sum(refused.values()), "", 0)
        self.assertEqual(dict(refused), {})


if __name__ == "__main__":
    unittest.main()
