// What one admission review costs without a network: bytes in, bytes out, every control, the model and its grants.
//
//   Benchmarks/AdmissionHandler/review.py > review.json
//   swift run -c release --package-path Benchmarks/AdmissionHandler AdmissionHandlerBenchmark review.json [COUNT]

import Admission
import BuiltInControls
import Controls
import Dispatch
import Documents
import Foundation
import Kubernetes
import Responsibility

func microseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e6 + Double(duration.components.attoseconds) / 1e12
}

func measure(_ name: String, count: Int, _ body: () -> Void) {
    let clock = ContinuousClock()
    var times: [Double] = []
    times.reserveCapacity(count)
    for _ in 0..<(count / 10) { body() }
    for _ in 0..<count { times.append(microseconds(clock.measure(body))) }
    times.sort()
    let (median, high) = (times[count / 2], times[count * 99 / 100])
    let mean = times.reduce(0, +) / Double(count)
    print("\(name): mean \(Int(mean)) µs, median \(Int(median)) µs, p99 \(Int(high)) µs, longest \(Int(times[count - 1])) µs")
}

guard CommandLine.arguments.count > 1, let data = FileManager.default.contents(atPath: CommandLine.arguments[1]) else {
    print("usage: AdmissionHandlerBenchmark REVIEW.json [COUNT]")
    exit(2)
}
let body = [UInt8](data)
let count = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 20_000 : 20_000
guard let model = ResponsibilityModel.builtIn("acs") else { exit(2) }
let engine = AdmissionEngine(model: model, catalogue: Catalogue(BuiltInControls.all + GrantControls.all))
let estate = AdmissionEstate(runtimeClasses: ["rund"])
let now = Timestamp(secondsSinceEpoch: Int64(Date().timeIntervalSince1970))

print("review of \(body.count) bytes, \(BuiltInControls.all.count + GrantControls.all.count) controls, \(count) times")
measure("parse          ", count: count) { _ = try? AdmissionRequest(body) }
measure("/mutate        ", count: count) { _ = try? engine.rule(.mutate, AdmissionRequest(body), in: estate, at: now) }
measure("/validate      ", count: count) { _ = try? engine.rule(.validate, AdmissionRequest(body), in: estate, at: now) }

/// What a review costs while two threads decide: what they share, they wait for.
let took = ContinuousClock().measure {
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
        for _ in 0..<count { _ = try? engine.rule(.validate, AdmissionRequest(body), in: estate, at: now) }
    }
}
print("/validate       : mean \(Int(microseconds(took) / Double(count))) µs of each of two threads")
if let ruling = try? engine.rule(.validate, AdmissionRequest(body), in: estate, at: now) {
    print("decision: \(ruling.answer.decision.rawValue), \(ruling.answer.body.count) bytes")
}
