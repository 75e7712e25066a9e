import Documents
import Testing

struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-06-15T00:00:00Z", 1_781_481_600), ("2000-02-29T23:59:59Z", 951_868_799),
            ("1969-12-31T23:59:59Z", -1), ("9999-12-31T23:59:59Z", 253_402_300_799), ("0000-01-01T00:00:00Z", -62_167_219_200),
            // From Python's datetime, spread over its whole range.
            ("6826-08-21T05:37:59Z", 153_260_660_279),
            ("0906-03-17T17:54:24Z", -33_570_050_736),
            ("1707-03-01T01:47:23Z", -8_294_393_557),
            ("3744-10-27T01:08:05Z", 56_007_940_085),
            ("1503-03-25T21:15:04Z", -14_729_913_896),
            ("7273-06-06T22:25:30Z", 167_360_163_930),
            ("4093-07-27T14:54:07Z", 67_013_448_847),
            ("9540-06-30T05:49:13Z", 238_901_723_353),
            ("1011-06-30T20:25:10Z", -30_247_529_690),
            ("9912-11-21T10:55:43Z", 250_653_351_343),
            ("1082-09-13T18:06:33Z", -28_000_446_807),
            ("0871-08-08T17:04:20Z", -34_662_063_340),
            ("3944-09-24T10:54:04Z", 62_316_471_244),
            ("9670-08-03T18:45:04Z", 243_007_152_304),
            ("2431-07-30T06:46:35Z", 14_565_941_195),
            ("7253-10-29T20:18:30Z", 166_741_532_310),
            ("9411-09-06T13:31:16Z", 234_836_717_476),
            ("9952-06-27T04:00:00Z", 251_902_929_600),
            ("9706-03-27T20:36:08Z", 244_132_000_568),
            ("1794-12-04T11:05:47Z", -5_524_808_053),
            ("3354-05-30T00:45:59Z", 43_687_730_759),
            ("1684-11-28T05:13:39Z", -8_996_553_981),
            ("9808-11-24T16:05:11Z", 247_371_725_111),
            ("8603-06-20T05:59:59Z", 209_331_928_799),
        ] as [(String, Int64)])
    func readsAndWrites(text: String, seconds: Int64) {
        #expect(Timestamp(text)?.secondsSinceEpoch == seconds)
        #expect(Timestamp(secondsSinceEpoch: seconds).description == text)
    }

    @Test(
        arguments: [
            ("2026-06-15T08:00:00+08:00", "2026-06-15T00:00:00Z"), ("2026-06-14T18:30:00-05:30", "2026-06-15T00:00:00Z"),
            ("2026-06-15T00:00:00.999Z", "2026-06-15T00:00:00Z"), ("2026-06-15T00:00:00.5+00:00", "2026-06-15T00:00:00Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
        ])
    func readsOffsetsAndFractions(text: String, utc: String) {
        #expect(Timestamp(text)?.description == utc)
    }

    @Test(
        arguments: [
            "", "2026-06-15", "2026-06-15T00:00:00", "2026-06-15t00:00:00Z", "2026-06-15T00:00:00z", "2026-06-15 00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-06-15T24:00:00Z", "2026-06-15T00:60:00Z", "2026-06-15T23:59:60Z", "2026-06-15T00:00:00.Z", "2026-06-15T00:00:00+0800",
            "2026-06-15T00:00:00+24:00", "2026-06-15T00:00:00+08:60", "26-06-15T00:00:00Z", "2026-6-15T00:00:00Z", "2026-06-15T00:00:00ZZ",
            " 2026-06-15T00:00:00Z", "2026-06-15T00:00:00Z ", "+026-06-15T00:00:00Z", "2026-06-15T00:00:0-Z",
        ])
    func refusesWhatIsNoTime(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func everyDayOfFourCenturiesIsItself() {
        for day in stride(from: Int64(-10_957), to: 135_140, by: 1) {
            let time = Timestamp(secondsSinceEpoch: day * 86_400)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test func writesTheNearestInstantWhenTheYearHasNoFourDigits() {
        #expect(Timestamp(secondsSinceEpoch: .max).description == "9999-12-31T23:59:59Z")
        #expect(Timestamp(secondsSinceEpoch: .min).description == "0000-01-01T00:00:00Z")
    }

    @Test func aDayEndsWhenTheNextBegins() {
        #expect(Timestamp(endOfDay: "2026-12-31")?.description == "2027-01-01T00:00:00Z")
        #expect(Timestamp(endOfDay: "2028-02-29")?.description == "2028-03-01T00:00:00Z")
        for text in ["2026-02-29", "2026-12-32", "31.12.2026", "2026-12-31T00:00:00Z", ""] { #expect(Timestamp(endOfDay: text) == nil) }
    }

    @Test func takesOnlyDatesThatTheCalendarHas() {
        #expect(Timestamp(2028, 2, 29, 23, 59, 59)?.description == "2028-02-29T23:59:59Z")
        #expect(Timestamp(1969, 12, 31, 23, 59, 59)?.secondsSinceEpoch == -1)
        #expect(Timestamp(2026, 2, 29, 0, 0, 0) == nil && Timestamp(2026, 13, 1, 0, 0, 0) == nil && Timestamp(2026, 1, 1, 24, 0, 0) == nil)
        #expect(Timestamp(.max, 1, 1, 0, 0, 0) == nil && Timestamp(2026, 1, .min, 0, 0, 0) == nil)
    }
}
