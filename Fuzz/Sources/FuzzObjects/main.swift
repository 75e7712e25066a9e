import FuzzProperties

runFuzzer { Properties.objects($0) }
