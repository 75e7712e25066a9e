import Controls
import Documents
import Kubernetes

extension Control {
    /// `sudo` in a command needs the program in the image, a user that may become root, and `allowPrivilegeEscalation`:
    /// three things a container should not have.
    ///
    /// Fields: `command`, `args` and the commands of lifecycle hooks of every container. Allowed: no word `sudo`.
    static let sudo = Control(
        id: "sudo",
        title: "Start programs without sudo",
        severity: .medium,
        duty: "C5",
        summary: "A start command with sudo needs an image that lets its user become root.",
        remedy: "Start the program as the user it should run as (`runAsUser`) and remove sudo from the image.",
        references: [Reference("mitre-attack", "T1548.003")],
        passing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                command: [/bin/pseudo, --sudoers-file=/etc/none]
            """
        ],
        failing: [
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers:
              - name: app
                image: registry.example.com/app:1.0
                command:
                - sh
                - -c
                - cd /srv && sudo ./serve # ✗
            """
        ],
        check: .containers { container, _, report throws(WrongType) in
            try findSudo(in: container.node["command"], of: container, &report)
            try findSudo(in: container.node["args"], of: container, &report)
            let lifecycle = container.node["lifecycle"]
            guard lifecycle.exists else { return }
            try findSudo(in: lifecycle["postStart"]["exec"]["command"], of: container, &report)
            try findSudo(in: lifecycle["preStop"]["exec"]["command"], of: container, &report)
        })
}

private func findSudo(in arguments: Value, of container: Container, _ report: inout Report) throws(WrongType) {
    for argument in try arguments.items() {
        _ = try argument.equals("")
        if argument.withText(hasSudo) { report.fail(argument, "container '\(container.name)' starts a program with sudo", value: "sudo") }
    }
}

/// Whether one of the words of a shell line is `sudo` or a path to it.
private func hasSudo(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 4 else { return false }
    let isSeparator = { (byte: UInt8) in
        !(byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) && byte != UInt8(ascii: "-")
            && byte != UInt8(ascii: "_") && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "=")
            && !(byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
    for start in 0...(text.count - 4) where text[start] == UInt8(ascii: "s") {
        guard text[start...].prefix(4).elementsEqual("sudo".utf8), start == 0 || isSeparator(text[start - 1]) else { continue }
        let end = start + 4
        if end == text.count || (isSeparator(text[end]) && text[end] != UInt8(ascii: "/")) { return true }
    }
    return false
}
