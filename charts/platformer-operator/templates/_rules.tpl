{{- /* Written by charts/generate.py from samples/rbac.yaml and crds/. */}}

{{/* Granted in each watched namespace, or cluster-wide. */}}
{{- define "platformer-operator.rules.namespaced" -}}
# See the custom resources; set and clear the finalizer; write the intent annotation.
- apiGroups: [console.platformer.com]
  resources: [serviceaccounts, consoleconnections]
  verbs: [list, watch, patch]
# Report.
- apiGroups: [console.platformer.com]
  resources: [serviceaccounts/status, consoleconnections/status]
  verbs: [patch]
# Watch the metadata of the Secrets that bear the operator's label; read single ones that connections and accounts name;
# write the token. Kubernetes can't narrow this to a label: who can't accept it watches single namespaces.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, delete]
# Say what happened.
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{/* On what is in no namespace. */}}
{{- define "platformer-operator.rules.cluster" -}}
- apiGroups: [console.platformer.com]
  resources: [clusterconsoleconnections]
  verbs: [list, watch, patch]
- apiGroups: [console.platformer.com]
  resources: [clusterconsoleconnections/status]
  verbs: [patch]
# Namespaces' labels decide which of them may use a ClusterConsoleConnection. Only metadata is asked for.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
{{- end }}

{{/* Not needed with a clusterID of one's own. */}}
{{- define "platformer-operator.rules.clusterID" -}}
# The UID of kube-system identifies the cluster in the markers at the Console.
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: [kube-system]
  verbs: [get]
{{- end }}

{{/* As rules.namespaced, with rbac.restartWorkloads. */}}
{{- define "platformer-operator.rules.restarts" -}}
# Set one annotation on the pod template.
- apiGroups: [apps]
  resources: [deployments, statefulsets, daemonsets]
  verbs: [patch]
- apiGroups: [argoproj.io]
  resources: [rollouts]
  verbs: [patch]
{{- end }}

{{/* On what is in no namespace, with metrics.secure. */}}
{{- define "platformer-operator.rules.metrics" -}}
# Whose token is it, and may its owner get /metrics?
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
- apiGroups: [authorization.k8s.io]
  resources: [subjectaccessreviews]
  verbs: [create]
{{- end }}

{{/* Plurals of the custom resources. */}}
{{- define "platformer-operator.resources" -}}
clusterconsoleconnections, consoleconnections, serviceaccounts
{{- end }}
