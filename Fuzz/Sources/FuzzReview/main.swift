import FuzzProperties

runFuzzer { Properties.review($0) }
