import FuzzProperties

runFuzzer { Properties.grants($0) }
