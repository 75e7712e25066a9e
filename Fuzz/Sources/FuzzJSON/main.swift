import FuzzProperties

runFuzzer { Properties.json($0) }
