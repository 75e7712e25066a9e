import Kubernetes
import Testing

@Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("0.0.0.0/0", "203.0.113.9", true),
    ("203.0.113.9", "203.0.113.9/32", true), ("203.0.113.128/25", "203.0.113.0/24", false), ("0.0.0.0/0", "::1", false),
    ("::/0", "fd00::1", true), ("fd00::/8", "fd12:3456::1", true), ("fe80::/10", "fec0::1", false), ("2001:db8::/32", "2001:db8:0:1::", true),
    ("169.254.0.0/16", "169.254.169.254", true), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", true), ("1::8", "1:0:0:0:0:0:0:8", true),
])
func rangesContainWhatTheirPrefixSays(range: String, other: String, expected: Bool) throws {
    #expect(try #require(AddressRange(range)).contains(try #require(AddressRange(other))) == expected)
}

@Test(arguments: [
    "", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "1::2::3", "12345::", "a.b.c.d", "1:2:3", "10.0.0.+1",
    "10.0.0.0/+8", "10.0.0.0/8 ",
])
func whatIsNoRangeIsNotRead(text: String) {
    #expect(AddressRange(text) == nil)
}

@Test func everythingIsEverythingHoweverItIsWritten() throws {
    #expect(try #require(AddressRange("198.51.100.7/0")) == #require(AddressRange("0.0.0.0/0")))
    #expect(try #require(AddressRange("::/0")).isEverything)
    #expect(try !#require(AddressRange("0.0.0.0/1")).isEverything)
}

@Test(arguments: [
    ("10.1.2.3/8", UInt128(0x0A00_0000), UInt128(0x0AFF_FFFF)), ("10.1.2.3", 0x0A01_0203, 0x0A01_0203), ("0.0.0.0/0", 0, 0xFFFF_FFFF),
    ("255.255.255.255/32", 0xFFFF_FFFF, 0xFFFF_FFFF), ("::/0", 0, UInt128.max), ("::ff/120", 0, 0xFF),
])
func rangesHaveAFirstAndALastAddress(text: String, first: UInt128, last: UInt128) throws {
    let range = try #require(AddressRange(text))
    #expect(range.first == first && range.last == last)
}
