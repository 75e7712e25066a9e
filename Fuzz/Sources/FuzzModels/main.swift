import FuzzProperties

runFuzzer { Properties.models($0) }
