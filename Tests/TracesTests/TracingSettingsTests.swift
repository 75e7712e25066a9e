import Testing

@testable import Traces

/// What the environment says.
struct TracingSettingsTests {
    private static let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

    private func read(_ more: [String: String] = [:]) -> TracingSettings.Reading {
        TracingSettings.read([Self.endpoint: "http://collector:4318"].merging(more) { $1 }, version: "1.2.3")
    }

    @Test(arguments: [
        [:], ["OTEL_EXPORTER_OTLP_ENDPOINT": ""], ["OTEL_EXPORTER_OTLP_ENDPOINT": " "],
        ["OTEL_SERVICE_NAME": "x", "OTEL_TRACES_SAMPLER": "always_on"],
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"],
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "TRUE"],
        ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_EXPORTER": "none"],
    ])
    func nothingAskedFor(environment: [String: String]) {
        let reading = TracingSettings.read(environment, version: "1")
        #expect(reading.settings == nil && reading.remarks == [])
    }

    @Test(arguments: [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "http://c:4318/v1/traces", "http://c:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318/", "http://c:4318/v1/traces", "http://c:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://c/base//", "https://c:443/base/v1/traces", "https://c:443"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://c/secret-key", "https://c:443/secret-key", "https://c:443"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://[::1]:80", "http://[::1]:80/", "http://[::1]:80"),
    ])
    func addresses(name: String, value: String, url: String, shown: String) {
        let reading = TracingSettings.read([name: value], version: "1")
        #expect(reading.settings?.url == url && reading.settings?.address == shown && reading.remarks == [])
    }

    @Test(arguments: [
        "collector:4318", "grpc://c", "http://", "http://user:hunter2@c", "http://c?hunter2", "http://c#hunter2", "/v1/traces", "http://a b",
    ])
    func addressesThatAreNone(value: String) {
        let reading = TracingSettings.read([Self.endpoint: value], version: "1")
        #expect(reading.settings == nil && reading.remarks.count == 1 && !reading.remarks.joined().contains("hunter2"))
    }

    @Test func ofTwoNamesThatOfTracesWins() throws {
        let settings = try #require(
            read([
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://traces:1/x", "OTEL_EXPORTER_OTLP_HEADERS": "a=1",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "b=2",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "5000", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "700", "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca.pem",
            ]).settings)
        #expect(settings.url == "http://traces:1/x" && settings.timeout == .milliseconds(700) && settings.authorities == "/ca.pem")
        #expect(settings.headers.map(\.name) == ["b"] && settings.headers.map(\.value) == ["2"])
    }

    @Test func defaults() throws {
        let settings = try #require(read().settings)
        #expect(settings.timeout == .seconds(10) && settings.limits == BatchLimits() && settings.sampler == .standard && settings.headers.isEmpty)
        #expect(settings.limits.delay == .seconds(5) && settings.limits.timeout == .seconds(30))
        #expect((settings.limits.queue, settings.limits.batch) == (2_048, 512))
        #expect(
            settings.resource.map { "\($0.key)=\($0.value)" } == [
                "service.name=demarc", "service.version=1.2.3", "telemetry.sdk.language=swift", "telemetry.sdk.name=demarc",
                "telemetry.sdk.version=1.2.3",
            ])
    }

    @Test func headersAreDecodedAndCheckedWithoutTellingThem() throws {
        let reading = read([
            "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20hunter2, x-a = b=c ,bad name=hunter2,x=%zz,y=%0d%0aHost: e,host=hunter2,,z"
        ])
        let headers = try #require(reading.settings).headers
        #expect(headers.map { "\($0.name): \($0.value)" } == ["Authorization: Bearer hunter2", "x-a: b=c"])
        #expect(reading.remarks.count == 5 && !reading.remarks.joined().contains("hunter2"))
        #expect(reading.remarks.first == "OTEL_EXPORTER_OTLP_HEADERS: entry 3 is no header; write name=value, with values percent-encoded")
    }

    @Test func resources() throws {
        let reading = read([
            "OTEL_RESOURCE_ATTRIBUTES": "service.name=a,deployment.environment.name=prod%2Ceu", "OTEL_SERVICE_NAME": "webhook",
            "POD_NAME": "demarc-1",
            "POD_NAMESPACE": "demarc",
        ])
        let resource = Dictionary(uniqueKeysWithValues: try #require(reading.settings).resource.map { ($0.key, $0.value) })
        #expect(
            resource["service.name"] == "webhook" && resource["deployment.environment.name"] == "prod,eu" && resource["k8s.pod.name"] == "demarc-1")
        let broken = read(["OTEL_RESOURCE_ATTRIBUTES": "a=1,b"])
        #expect(broken.remarks.count == 1 && broken.settings?.resource.contains { $0.key == "a" } == false)
    }

    @Test func limits() throws {
        let settings = try #require(
            read([
                "OTEL_BSP_SCHEDULE_DELAY": "100", "OTEL_BSP_EXPORT_TIMEOUT": "2000", "OTEL_BSP_MAX_QUEUE_SIZE": "100",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "200",
            ]).settings)
        #expect(settings.limits.delay == .milliseconds(100) && settings.limits.timeout == .seconds(2))
        #expect((settings.limits.queue, settings.limits.batch) == (100, 100))
    }

    /// What is wrong is said and left aside: a webhook does not stay away for its traces.
    @Test(arguments: [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0"), ("OTEL_BSP_MAX_QUEUE_SIZE", "99999999999999999999"), ("OTEL_BSP_SCHEDULE_DELAY", "soon"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "-1"), ("OTEL_TRACES_SAMPLER", "sometimes"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
    ])
    func wrongValues(name: String, value: String) throws {
        let reading = read([name: value])
        #expect(reading.remarks.count == 1 && reading.remarks[0].hasPrefix(name), "\(reading.remarks)")
        let settings = try #require(reading.settings)
        #expect(settings.limits == BatchLimits() && settings.timeout == .seconds(10) && settings.sampler == .standard)
    }

    @Test func samplers() throws {
        #expect(
            read(["OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.25"]).settings?.sampler
                == Sampler(root: .ratio(0.25), followsParent: true))
        let wrong = read(["OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "2"])
        #expect(wrong.settings?.sampler == Sampler(root: .ratio(1), followsParent: false) && wrong.remarks.count == 1)
    }

    @Test func whatIsNotSpokenIsNotTried() {
        for (name, value) in [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_TRACES_EXPORTER", "zipkin")] {
            let reading = read([name: value])
            #expect(reading.settings == nil && reading.remarks.count == 1)
        }
    }
}
