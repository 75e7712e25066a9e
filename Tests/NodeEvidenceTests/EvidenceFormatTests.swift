import NodeEvidence
import Testing

struct EvidenceFormatTests {
    @Test func namesAreThoseOfTheContract() {
        #expect(EvidenceFormat.apiVersion == "demarc.dev/v1alpha1")
        #expect(EvidenceFormat.kind == "NodeEvidence")
    }
}
