/// The API group of Gateways and their routes; Istio has a Gateway of its own.
public let gatewayAPI: StaticString = "gateway.networking.k8s.io"
