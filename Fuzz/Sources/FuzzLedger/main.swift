import FuzzProperties

runFuzzer { Properties.ledger($0) }
