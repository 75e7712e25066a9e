{{/* Names are not those of the release: a cluster has one admission server, with one set of configurations. */}}
{{- define "demarc.labels" -}}
app.kubernetes.io/name: demarc
app.kubernetes.io/component: admission
{{- end }}

{{- define "demarc.arguments" -}}
{{- $arguments := list "serve" }}
{{- range .Values.exemptNamespaces }}{{ $arguments = append $arguments (printf "--exempt-namespace=%s" .) }}{{ end }}
{{- concat $arguments .Values.args | toJson }}
{{- end }}
