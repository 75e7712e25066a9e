{{/* Names are not those of the release: a cluster has one admission server, with one set of configurations. */}}
{{- define "demarc.labels" -}}
app.kubernetes.io/name: demarc
app.kubernetes.io/component: admission
{{- end }}
