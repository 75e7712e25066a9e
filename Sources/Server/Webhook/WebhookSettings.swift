public import NIOCore

/// Where the server listens, and what it puts up with.
public struct WebhookSettings: Sendable {
    public var host = "0.0.0.0"
    /// 0 lets the system choose.
    public var port = 8443

    /// The longest body. The API server takes objects up to 3 MiB, and a review holds the new and the old one; a limit below that would refuse
    /// what the API server allows.
    public var longestBody = 7 << 20
    /// What all bodies together may take while they are read.
    public var bodyMemory = 64 << 20
    /// Requests that are read or answered at once, health checks aside.
    public var concurrentRequests = 512
    /// Open connections; beyond that the one that has been idle longest makes room.
    public var connections = 1_024

    /// From accepting a connection to the end of the TLS handshake.
    public var handshakeTime = TimeAmount.seconds(10)
    /// From there to the first request. An API server connects because it has something to ask.
    public var firstRequestTime = TimeAmount.seconds(30)
    /// From the head of a request to the end of its body. The API server waits thirty seconds at most for a webhook.
    public var bodyTime = TimeAmount.seconds(10)
    /// From there until the answer is out.
    public var answerTime = TimeAmount.seconds(60)
    /// Between two requests. Go's client lets go of an idle connection after 90 seconds; whoever closes first should be the client, since a request
    /// may be on its way when a server closes.
    public var idleTime = TimeAmount.seconds(120)
    /// How long the server still listens, after its last answer on a connection, for the client to close: closing at once while the client still
    /// sends would destroy the answer on its way.
    public var lingerTime = TimeAmount.seconds(2)

    /// How long the server goes on as before once it is told to stop, apart from saying so: until it is out of every list of endpoints.
    public var drainDelay = Duration.seconds(5)
    /// How long it then waits for requests in flight.
    public var drainLimit = Duration.seconds(20)

    public init() {}
}
