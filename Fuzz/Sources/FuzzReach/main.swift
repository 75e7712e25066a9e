import FuzzProperties

runFuzzer { Properties.reach($0) }
