{{/* Values that are each well-formed but can't work together. What a value alone may be is in values.schema.json. */}}
{{- define "platformer-operator.validate" -}}
{{- $v := .Values }}
{{- if and (gt (int $v.replicaCount) 1) (not $v.leaderElection.enabled) }}
{{- fail (printf "replicaCount is %v, but leaderElection.enabled is false: replicas that don't elect one of them renew tokens twice. Enable it, or run one replica." $v.replicaCount) }}
{{- end }}
{{- include "platformer-operator.validate.leaderElection" . }}
{{- if not (or $v.serviceAccount.create $v.serviceAccount.name) }}
{{- fail "serviceAccount.create is false and serviceAccount.name is empty: name the service account that the operator is to use." }}
{{- end }}
{{- if and $v.metrics.serviceMonitor.enabled (not $v.metrics.service.enabled) }}
{{- fail "metrics.serviceMonitor.enabled needs metrics.service.enabled: a ServiceMonitor finds its targets through a Service." }}
{{- end }}
{{- include "platformer-operator.validate.metrics" . }}
{{- include "platformer-operator.validate.disruption" . }}
{{- include "platformer-operator.validate.connections" . }}
{{- include "platformer-operator.validate.extras" . }}
{{- end }}

{{- define "platformer-operator.validate.leaderElection" -}}
{{- with .Values.leaderElection }}
{{- if .enabled }}
{{- $lease := trimSuffix "s" .leaseDuration | int }}
{{- $deadline := trimSuffix "s" .renewDeadline | int }}
{{- $retry := trimSuffix "s" .retryPeriod | int }}
{{- if ge $deadline $lease }}
{{- fail (printf "leaderElection.renewDeadline (%s) has to be shorter than leaseDuration (%s): a leader that can't renew has to stop before another may start." .renewDeadline .leaseDuration) }}
{{- end }}
{{- if ge $retry $deadline }}
{{- fail (printf "leaderElection.retryPeriod (%s) has to be shorter than renewDeadline (%s)." .retryPeriod .renewDeadline) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "platformer-operator.validate.metrics" -}}
{{- $monitor := .Values.metrics.serviceMonitor }}
{{- $ports := .Values.metrics.port }}
{{- with .Values.metrics.secure }}
{{- if .enabled }}
{{- if not (or .secretName .certManager.enabled) }}
{{- fail "metrics.secure.enabled needs a certificate: name a Secret by metrics.secure.secretName, or let cert-manager make one by metrics.secure.certManager.enabled." }}
{{- end }}
{{- if and .certManager.enabled (not .certManager.issuerRef.name) }}
{{- fail "metrics.secure.certManager.enabled needs metrics.secure.certManager.issuerRef.name: the Issuer that signs the certificate." }}
{{- end }}
{{- if eq (int .port) (int $ports) }}
{{- fail (printf "metrics.secure.port and metrics.port are both %d: probes stay on a port of their own." (int .port)) }}
{{- end }}
{{- if and $monitor.enabled $monitor.namespace (ne $monitor.namespace $.Release.Namespace) (not $monitor.tlsConfig) }}
{{- fail (printf "metrics.serviceMonitor is in namespace %s and can't read the certificate's Secret in %s: say by metrics.serviceMonitor.tlsConfig how the scraper verifies the server." $monitor.namespace $.Release.Namespace) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "platformer-operator.validate.disruption" -}}
{{- $replicas := int .Values.replicaCount }}
{{- with .Values.podDisruptionBudget }}
{{- if .enabled }}
{{- $min := toString .minAvailable }}
{{- $max := toString .maxUnavailable }}
{{- if and (ne $min "") (ne $max "") }}
{{- fail "podDisruptionBudget has both minAvailable and maxUnavailable: Kubernetes takes one of them." }}
{{- end }}
{{- if or (eq $max "0") (eq $max "0%") (eq $min "100%") (and (regexMatch "^[0-9]+$" $min) (ge (int $min) $replicas)) }}
{{- fail (printf "podDisruptionBudget lets no pod go (replicaCount %d, minAvailable %q, maxUnavailable %q): no node under one could ever be drained." $replicas $min $max) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "platformer-operator.validate.connections" -}}
{{- $seen := dict }}
{{- range .Values.connections }}
{{- $kind := default "ConsoleConnection" .kind }}
{{- $namespace := default $.Release.Namespace .namespace }}
{{- $what := printf "%s %s/%s" $kind $namespace .name }}
{{- if eq $kind "ClusterConsoleConnection" }}
{{- $what = printf "%s %s" $kind .name }}
{{- if .namespace }}
{{- fail (printf "connections: %s is of the whole cluster and has no namespace." $what) }}
{{- end }}
{{- if $.Values.watchNamespaces }}
{{- fail (printf "connections: %s is of the whole cluster, but watchNamespaces restricts the operator to %s. Make ConsoleConnections there instead." $what (join ", " $.Values.watchNamespaces)) }}
{{- end }}
{{- else if and $.Values.watchNamespaces (not (has $namespace $.Values.watchNamespaces)) }}
{{- fail (printf "connections: %s is in none of watchNamespaces (%s), so the operator would never see it." $what (join ", " $.Values.watchNamespaces)) }}
{{- end }}
{{- if hasKey $seen $what }}
{{- fail (printf "connections: %s is there twice." $what) }}
{{- end }}
{{- $_ := set $seen $what true }}
{{- end }}
{{- end }}

{{/* Options that have a value are set by that alone: roles, ports and checks are made from the values. */}}
{{- define "platformer-operator.validate.extras" -}}
{{- $owned := dict
  "bind-address" "listenAddress and metrics.port" "log-level" "logLevel" "log-format" "logFormat"
  "watch-namespace" "watchNamespaces" "selector" "selector" "workers" "workers" "cluster-id" "clusterID"
  "leader-elect" "leaderElection.enabled" "leader-election-namespace" "leaderElection.namespace"
  "leader-election-lease-duration" "leaderElection.leaseDuration"
  "leader-election-renew-deadline" "leaderElection.renewDeadline"
  "leader-election-retry-period" "leaderElection.retryPeriod" "metrics-per-account" "metrics.perAccount"
  "metrics-secure" "metrics.secure.enabled" "metrics-bind-address" "metrics.secure.port"
  "metrics-cert-path" "metrics.secure.secretName" "metrics-cert-name" "metrics.secure.secretName"
  "metrics-cert-key" "metrics.secure.secretName" }}
{{- range .Values.extraArgs }}
{{- $option := . | trimPrefix "--" | splitList "=" | first }}
{{- if hasKey $owned $option }}
{{- fail (printf "extraArgs has --%s: use the value %s instead, from which roles and ports are made, too." $option (get $owned $option)) }}
{{- end }}
{{- end }}
{{- range .Values.extraEnv }}
{{- $option := .name | trimPrefix "PLATFORMER_OPERATOR_" | lower | replace "_" "-" }}
{{- if and (hasPrefix "PLATFORMER_OPERATOR_" .name) (hasKey $owned $option) }}
{{- fail (printf "extraEnv has %s: use the value %s instead, from which roles and ports are made, too." .name (get $owned $option)) }}
{{- end }}
{{- end }}
{{- end }}
