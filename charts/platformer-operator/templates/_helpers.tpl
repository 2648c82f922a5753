{{/* Names. A release that is called like the chart is not named twice. */}}
{{- define "platformer-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "platformer-operator.fullname" -}}
{{- $name := include "platformer-operator.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Roles bear the release's namespace, too: they may meet another release's of the same name. */}}
{{- define "platformer-operator.roleName" -}}
{{- printf "%s:%s" .Release.Namespace (include "platformer-operator.fullname" .) }}
{{- end }}

{{- define "platformer-operator.serviceAccountName" -}}
{{- default (include "platformer-operator.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{- define "platformer-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "platformer-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "platformer-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "platformer-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "platformer-operator.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end }}
{{- end }}

{{- define "platformer-operator.leaseNamespace" -}}
{{- default .Release.Namespace .Values.leaderElection.namespace }}
{{- end }}

{{- define "platformer-operator.metricsService" -}}
{{ include "platformer-operator.fullname" . }}-metrics
{{- end }}

{{/* The Secret with the metrics server's certificate. */}}
{{- define "platformer-operator.metricsSecret" -}}
{{- default (printf "%s-tls" (include "platformer-operator.metricsService" .)) .Values.metrics.secure.secretName }}
{{- end }}

{{- define "platformer-operator.metricsCertificateFolder" -}}
/etc/platformer-operator/metrics-tls
{{- end }}

{{/* The operator's command line, one argument a line. */}}
{{- define "platformer-operator.args" -}}
- {{ printf "--bind-address=%s:%v" .Values.listenAddress .Values.metrics.port | quote }}
- {{ printf "--log-level=%s" .Values.logLevel | quote }}
- {{ printf "--log-format=%s" .Values.logFormat | quote }}
- {{ printf "--workers=%v" .Values.workers | quote }}
{{- range .Values.watchNamespaces }}
- {{ printf "--watch-namespace=%s" . | quote }}
{{- end }}
{{- with .Values.selector }}
- {{ printf "--selector=%s" . | quote }}
{{- end }}
{{- with .Values.clusterID }}
- {{ printf "--cluster-id=%s" . | quote }}
{{- end }}
{{- if .Values.leaderElection.enabled }}
- "--leader-elect"
- {{ printf "--leader-election-namespace=%s" (include "platformer-operator.leaseNamespace" .) | quote }}
- {{ printf "--leader-election-lease-duration=%s" .Values.leaderElection.leaseDuration | quote }}
- {{ printf "--leader-election-renew-deadline=%s" .Values.leaderElection.renewDeadline | quote }}
- {{ printf "--leader-election-retry-period=%s" .Values.leaderElection.retryPeriod | quote }}
{{- end }}
{{- if .Values.metrics.perAccount }}
- "--metrics-per-account"
{{- end }}
{{- with .Values.metrics.secure }}
{{- if .enabled }}
- "--metrics-secure"
- {{ printf "--metrics-bind-address=%s:%v" $.Values.listenAddress .port | quote }}
- {{ printf "--metrics-cert-path=%s" (include "platformer-operator.metricsCertificateFolder" $) | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraArgs }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Rules on the Lease. Its name is known unless a scope adds to it; `create` can't be restricted to a name. */}}
{{- define "platformer-operator.rules.lease" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  {{- if not (or .Values.watchNamespaces .Values.selector) }}
  resourceNames: [platformer-operator]
  {{- end }}
  verbs: [get, update]
{{- end }}

{{/* What has to be granted in each namespace that is watched. */}}
{{- define "platformer-operator.rules.inNamespaces" -}}
{{ include "platformer-operator.rules.namespaced" . }}
{{- if .Values.rbac.restartWorkloads }}
{{ include "platformer-operator.rules.restarts" . }}
{{- end }}
{{- end }}

{{/* What has to be granted for the whole cluster: all, or what no namespace can grant. "" when there is nothing. */}}
{{- define "platformer-operator.rules.clusterWide" -}}
{{- if not .Values.watchNamespaces }}
{{ include "platformer-operator.rules.inNamespaces" . }}
{{ include "platformer-operator.rules.cluster" . }}
{{- end }}
{{- if not .Values.clusterID }}
{{ include "platformer-operator.rules.clusterID" . }}
{{- end }}
{{- if .Values.metrics.secure.enabled }}
{{ include "platformer-operator.rules.metrics" . }}
{{- end }}
{{- end }}
