import Controls
import Documents
import Kubernetes

extension Control {
    /// A claim that many nodes may write to joins programs through their files: one that was broken into changes what the others
    /// read and run.
    ///
    /// Fields: `spec.accessModes[]` of PersistentVolumeClaims. Allowed: all but `ReadWriteMany`.
    static let sharedVolumeClaims = Control(
        id: "read-write-many-claims",
        title: "Let one program write to a volume",
        severity: .low,
        duty: "C6",
        summary: "Programs on many nodes may write to the volume, so one that was broken into reaches the others through it.",
        remedy: "Use `ReadWriteOncePod` or `ReadWriteOnce`, and `ReadOnlyMany` for what is only read.",
        passing: [
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec: {accessModes: [ReadWriteOncePod], resources: {requests: {storage: 10Gi}}}
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec:
              accessModes:
              - ReadWriteMany # ✗
              resources: {requests: {storage: 10Gi}}
            """
        ],
        check: .objects(["PersistentVolumeClaim"]) { claim, report throws(WrongType) in
            for mode in try claim.spec["accessModes"].items() where try mode.equals("ReadWriteMany") {
                report.fail(mode, "PersistentVolumeClaim '\(claim.name)' is written by many nodes")
            }
        })
}
