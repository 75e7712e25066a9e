import Controls
import Documents
import Kubernetes

extension Control {
    /// Endpoints written by hand send a Service's traffic wherever they say. Pointed at the loopback or the metadata service they make
    /// proxies and controllers talk to it on the writer's behalf (CVE-2021-25737).
    ///
    /// Fields: `endpoints[].addresses[]` of EndpointSlices and `subsets[].addresses[].ip` of Endpoints. Forbidden: loopback, link-local
    /// and metadata addresses.
    static let endpointAddresses = Control(
        id: "endpoint-addresses",
        title: "Keep endpoints away from loopback and metadata addresses",
        severity: .medium,
        duty: "C8b",
        summary: "An endpoint leads the clients of a Service to the loopback or to the cloud's metadata service (CVE-2021-25737).",
        remedy: "Remove the address; let the Service select its Pods.",
        references: [Reference("cve", "CVE-2021-25737"), Reference("cwe", "CWE-441")],
        passing: [
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db}
            addressType: IPv4
            endpoints: [{addresses: [192.0.2.10]}]
            """
        ],
        failing: [
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db}
            addressType: IPv4
            endpoints:
            - addresses:
              - 100.100.100.200 # ✗
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: web}
            subsets:
            - addresses:
              - ip: 127.0.0.1 # ✗
            """
        ],
        check: .objects(["EndpointSlice", "Endpoints"]) { object, report throws(WrongType) in
            if object.kind == "EndpointSlice" {
                for endpoint in try object.root["endpoints"].items() {
                    for address in try endpoint["addresses"].items() { try judge(address, object, &report) }
                }
            } else {
                for subset in try object.root["subsets"].items() {
                    for address in try subset["addresses"].items() { try judge(address["ip"], object, &report) }
                }
            }
        })
}

private func judge(_ address: Value, _ object: KubernetesObject, _ report: inout Report) throws(WrongType) {
    guard let text = try address.string(), let asked = AddressRange(text), reserved.contains(where: { $0.contains(asked) }) else { return }
    report.fail(address, "\(object.displayName) leads to \(text)")
}

private let reserved = ["127.0.0.0/8", "::1/128", "169.254.0.0/16", "fe80::/10", "100.100.100.200/32"].compactMap(AddressRange.init)
