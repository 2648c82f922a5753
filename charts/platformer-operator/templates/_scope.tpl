{{/* What the operator looks after, as an annotation on its roles: {"namespaces": [], "selector": ""} is everything. */}}
{{- define "platformer-operator.scope" -}}
console.platformer.com/scope: {{ dict "namespaces" (default list .Values.watchNamespaces) "selector" (default "" .Values.selector) | toJson | quote }}
{{- end }}

{{/*
Fails where the cluster has a release whose operator looks after the same objects. Two would do all work twice, and only
those that share a Lease know of each other. Different selectors count as different objects. Needs a cluster: `helm
template` sees none.
*/}}
{{- define "platformer-operator.refuseSharedScope" -}}
{{- $roles := default list (lookup "rbac.authorization.k8s.io/v1" "ClusterRole" "" "").items }}
{{- range .Values.watchNamespaces }}
{{- $roles = concat $roles (default list (lookup "rbac.authorization.k8s.io/v1" "Role" . "").items) }}
{{- end }}
{{- range $roles }}
{{- $about := default dict .metadata.annotations }}
{{- $name := get $about "meta.helm.sh/release-name" }}
{{- $namespace := get $about "meta.helm.sh/release-namespace" }}
{{- $scope := get $about "console.platformer.com/scope" }}
{{- if and $scope (ne (print $namespace "/" $name) (print $.Release.Namespace "/" $.Release.Name)) }}
{{- $scope = fromJson $scope }}
{{- $shared := or (not $scope.namespaces) (not $.Values.watchNamespaces) }}
{{- range $scope.namespaces }}
{{- if has . $.Values.watchNamespaces }}{{ $shared = true }}{{ end }}
{{- end }}
{{- if and $scope.selector $.Values.selector (ne $scope.selector $.Values.selector) }}{{ $shared = false }}{{ end }}
{{- if $shared }}
{{- fail (printf "release %s in namespace %s looks after the same objects already (namespaces: %s; selector: %s). Uninstall it first, which loses no account and no token, or give the two releases different watchNamespaces or selectors." $name $namespace (join ", " $scope.namespaces | default "all") (default "none" $scope.selector)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
