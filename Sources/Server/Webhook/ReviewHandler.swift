public import Admission

/// Answers one admission review. Calls come from many connections at once.
///
/// - Throws: `ReviewFault` for what is no review; the caller gets a status 400.
public typealias ReviewHandler = @Sendable (_ stage: AdmissionAnswer.Stage, _ body: [UInt8]) async throws(ReviewFault) -> AdmissionAnswer
