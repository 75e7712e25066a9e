import FuzzProperties

runFuzzer { Properties.configuration($0) }
