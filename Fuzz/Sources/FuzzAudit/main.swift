import FuzzProperties

runFuzzer { Properties.audit($0) }
