import FuzzProperties

runFuzzer { Properties.scan($0) }
