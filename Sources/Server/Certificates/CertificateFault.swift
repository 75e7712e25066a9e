/// What is wrong with our own certificates: what, where and the remedy. Never holds a key.
public struct CertificateFault: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
