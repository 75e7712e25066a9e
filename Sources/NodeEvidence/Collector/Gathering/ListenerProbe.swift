extension Gathering {
    mutating func probeListeners() {}
}
