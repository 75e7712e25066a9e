import FuzzProperties

runFuzzer { Properties.yaml($0) }
